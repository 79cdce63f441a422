// expect: finding data race
// fences.c without its fences.
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;

static void* writer(void* argument) {
    data = 42;
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
    return argument;
}

int main(void) {
    int seen = 42;
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    if (atomic_load_explicit(&ready, memory_order_relaxed) == 1) {
        seen = data;
    }
    pthread_join(thread, NULL);
    return seen == 42 ? 0 : 1;
}
