// expect: finding assertion failed
// One thread pushes, one pops, each under the stack's lock. The bug: that something was pushed once is
// taken for there being something to pop. The second of two pops in a row fails. After `stack` of
// SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { size = 10 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int top;
static atomic_bool ever_pushed;
static atomic_int items[size];

static bool push(int item) {
    const int at = atomic_load(&top);
    if (at == size) {
        return false;
    }
    atomic_store(&items[at], item);
    atomic_store(&top, at + 1);
    return true;
}

static bool pop(int* item) {
    const int at = atomic_load(&top);
    if (at == 0) {
        return false;
    }
    atomic_store(&top, at - 1);
    *item = atomic_load(&items[at - 1]);
    return true;
}

static void* producer(void* unused) {
    for (int i = 0; i < size; ++i) {
        pthread_mutex_lock(&lock);
        assert(push(i));
        atomic_store(&ever_pushed, true);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void* consumer(void* unused) {
    for (int i = 0; i < size; ++i) {
        pthread_mutex_lock(&lock);
        if (atomic_load(&ever_pushed)) {
            int item;
            assert(pop(&item));
        }
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, producer, NULL);
    pthread_create(&threads[1], NULL, consumer, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
