// expect: finding assertion failed
// One counter, two locks. The bug: three threads count under a lock that is not the counter's, so that
// they exclude each other and nobody else. After `wronglock` of SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { others = 3 };

static pthread_mutex_t counter_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t some_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int counter;

static void* careful(void* unused) {
    pthread_mutex_lock(&counter_lock);
    const int before = atomic_load(&counter);
    atomic_store(&counter, before + 1);
    assert(atomic_load(&counter) == before + 1);
    pthread_mutex_unlock(&counter_lock);
    return unused;
}

static void* other(void* unused) {
    pthread_mutex_lock(&some_lock);
    atomic_fetch_add(&counter, 1);
    pthread_mutex_unlock(&some_lock);
    return unused;
}

int main(void) {
    pthread_t threads[others + 1];
    for (int i = 0; i < others + 1; ++i) {
        pthread_create(&threads[i], NULL, i == 0 ? careful : other, NULL);
    }
    for (int i = 0; i < others + 1; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
