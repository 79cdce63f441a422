// expect: ok
// Floating-point flags belong to the context: neither the simulator's nor another thread's are seen.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <xmmintrin.h>

static atomic_int turns;
static volatile double three = 3;
static volatile double third;

static void* divides(void* argument) {
    atomic_fetch_add(&turns, 1);
    third = 1 / three;
    atomic_fetch_add(&turns, 1);
    assert((_mm_getcsr() & _MM_EXCEPT_INEXACT) != 0);
    return argument;
}

int main(void) {
    pthread_t thread;
    assert((_mm_getcsr() & _MM_EXCEPT_MASK) == 0);
    pthread_create(&thread, NULL, divides, NULL);
    for (int i = 0; i < 2; ++i) {
        atomic_fetch_add(&turns, 1);
        assert((_mm_getcsr() & _MM_EXCEPT_MASK) == 0);
    }
    pthread_join(thread, NULL);
    return 0;
}
