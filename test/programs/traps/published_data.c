// expect: ok
// The flag that says that the data are there is stored with release order; an update in between passes that on.
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;

static void* publisher(void* argument) {
    data = 42;
    atomic_store_explicit(&ready, 1, memory_order_release);
    return argument;
}

static void* passer(void* argument) {
    atomic_fetch_or_explicit(&ready, 2, memory_order_relaxed);
    return argument;
}

static int consume(void) {
    return (atomic_load_explicit(&ready, memory_order_acquire) & 1) != 0 ? data : 42;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, publisher, NULL);
    pthread_create(&threads[1], NULL, passer, NULL);
    const int seen = consume();
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return seen == 42 ? 0 : 1;
}
