// expect: finding assertion failed
// An interrupt of a higher level comes in the middle of one of a lower.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int inside;

static void* low(void* unused) {
    heddle_interrupt(1, 3);
    atomic_store(&inside, 1);
    atomic_store(&inside, 0);
    return unused;
}

static void* high(void* unused) {
    heddle_interrupt(1, 4);
    assert(atomic_load(&inside) == 0);
    return unused;
}

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], 0, low, 0);
    pthread_create(&thread[1], 0, high, 0);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    return 0;
}
