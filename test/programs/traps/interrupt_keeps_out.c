// expect: ok
// An interrupt that has raised the level of its CPU keeps one of a higher level out.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int inside;

static void* low(void* unused) {
    heddle_interrupt(1, 3);
    const unsigned level = heddle_raise_level(4);
    atomic_store(&inside, 1);
    atomic_store(&inside, 0);
    heddle_restore_level(level);
    return unused;
}

static void* high(void* unused) {
    heddle_interrupt(1, 4);
#ifdef HEDDLE_SUBJECT
    assert(atomic_load(&inside) == 0);
#endif
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
