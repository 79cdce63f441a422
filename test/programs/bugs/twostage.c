// expect: finding assertion failed
// Two values that belong together, each with a lock of its own. The bug: writers change the first, give
// up its lock, and then change the second; a reader that comes between sees one new and one old. It
// must come between the first writer's first stage and the first second stage of any, and there are
// `writers` of them. After `twostage` of SCTBench (`twostage_20`: ten of each).
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#ifndef writers
enum { writers = 10 };
#endif
#ifndef readers
enum { readers = 10 };
#endif

static pthread_mutex_t first_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int first, second;

static void* writer(void* unused) {
    pthread_mutex_lock(&first_lock);
    atomic_store(&first, 1);
    pthread_mutex_unlock(&first_lock);
    pthread_mutex_lock(&second_lock);
    atomic_store(&second, atomic_load(&first) + 1);
    pthread_mutex_unlock(&second_lock);
    return unused;
}

static void* reader(void* unused) {
    pthread_mutex_lock(&first_lock);
    const int seen = atomic_load(&first);
    pthread_mutex_unlock(&first_lock);
    if (seen == 0) {
        return unused;
    }
    pthread_mutex_lock(&second_lock);
    const int other = atomic_load(&second);
    pthread_mutex_unlock(&second_lock);
    assert(other == seen + 1);
    return unused;
}

int main(void) {
    pthread_t threads[writers + readers];
    for (int i = 0; i < writers + readers; ++i) {
        pthread_create(&threads[i], NULL, i < writers ? writer : reader, NULL);
    }
    for (int i = 0; i < writers + readers; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
