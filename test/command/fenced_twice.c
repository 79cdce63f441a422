/* A message whose flag is stored with release, behind a fence that releases already: one of the two is enough. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int message, flag;

static void* send(void* unused) {
    atomic_store_explicit(&message, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&flag, 1, memory_order_release);
    return unused;
}

static void* take(void* unused) {
    if (atomic_load_explicit(&flag, memory_order_acquire) == 1) {
        assert(atomic_load_explicit(&message, memory_order_relaxed) == 1);
    }
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, send, NULL);
    pthread_create(&threads[1], NULL, take, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
