// expect: finding assertion failed
// A driver is stopped while a request comes in. Requests are counted; the stop gives up the driver's own
// count and frees everything when the count was the last. The bug: a request looks at the stopping
// flag and only then counts itself, so that a whole stop fits in between, and the request works on what
// was freed. The example of Qadeer and Wu, PLDI 2004; `bluetooth_driver` of SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static struct {
    atomic_int pending;
    atomic_bool stopping;
    atomic_bool idle;
    atomic_bool stopped;
} driver = {.pending = 1};

static bool request_begin(void) {
    if (atomic_load(&driver.stopping)) {
        return false;
    }
    atomic_fetch_add(&driver.pending, 1);
    return true;
}

static void request_end(void) {
    if (atomic_fetch_sub(&driver.pending, 1) == 1) {
        atomic_store(&driver.idle, true);
    }
}

static void* request(void* unused) {
    if (request_begin()) {
        assert(!atomic_load(&driver.stopped));
    }
    request_end();
    return unused;
}

static void* stop(void* unused) {
    atomic_store(&driver.stopping, true);
    request_end();
    if (atomic_load(&driver.idle)) {
        atomic_store(&driver.stopped, true);
    }
    return unused;
}

int main(void) {
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, stop, NULL);
    pthread_create(&threads[1], NULL, request, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    return 0;
}
