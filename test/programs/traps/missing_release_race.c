// expect: finding data race
// The flag that says that the data are there says so without release order.
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;

static void publish(void) {
    data = 42;
    atomic_store_explicit(&ready, 1, memory_order_relaxed);
}

static void* publisher(void* argument) {
    publish();
    return argument;
}

static int consume(void) {
    return atomic_load_explicit(&ready, memory_order_acquire) != 0 ? data : 42;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, publisher, NULL);
    const int seen = consume();
    pthread_join(thread, NULL);
    return seen == 42 ? 0 : 1;
}
