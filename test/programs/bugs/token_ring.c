// expect: finding assertion failed
// Three stations hand a value around, each in one step. The bug: the ring is taken for settled when every
// station has copied once, whatever the order in which they did. Only one order settles it; of the
// others it takes an observer that comes last. After `token_ring` of SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { stations = 3 };

static pthread_mutex_t step = PTHREAD_MUTEX_INITIALIZER;
static atomic_int value[stations] = {1, 2, 1};
static atomic_int copied;

static void* station(void* argument) {
    const int me = (int)(intptr_t)argument;
    pthread_mutex_lock(&step);
    const int before = atomic_load(&value[(me + stations - 1) % stations]);
    atomic_store(&value[me], me == 0 ? before + 1 : before);
    atomic_fetch_add(&copied, 1);
    pthread_mutex_unlock(&step);
    return NULL;
}

static void* observer(void* unused) {
    pthread_mutex_lock(&step);
    if (atomic_load(&copied) == stations) {
        const int first = atomic_load(&value[0]);
        assert(first == atomic_load(&value[1]) && first == atomic_load(&value[2]));
    }
    pthread_mutex_unlock(&step);
    return unused;
}

int main(void) {
    pthread_t threads[stations + 1];
    for (intptr_t i = 0; i < stations; ++i) {
        pthread_create(&threads[i], NULL, station, (void*)i);
    }
    pthread_create(&threads[stations], NULL, observer, NULL);
    for (int i = 0; i < stations + 1; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
