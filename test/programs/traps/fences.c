// expect: ok
// Message passing with relaxed accesses and fences: no race, and never the old value. A signal
// fence orders nothing between threads.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;

static void* writer(void* argument) {
    data = 42;
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    if (atomic_load_explicit(&ready, memory_order_relaxed) == 1) {
        atomic_thread_fence(memory_order_acquire);
        assert(data == 42);
    }
    atomic_signal_fence(memory_order_seq_cst);
    atomic_thread_fence(memory_order_seq_cst);
    pthread_join(thread, NULL);
    assert(data == 42);
    return 0;
}
