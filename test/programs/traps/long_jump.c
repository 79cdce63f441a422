// expect: ok
// longjmp within a context, with a switch between setting the mark and using it.
#include <assert.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>

static atomic_int turns;

static void leave(jmp_buf mark, int value) {
    atomic_fetch_add(&turns, 1);
    longjmp(mark, value);
}

static void* run(void* argument) {
    jmp_buf mark;
    volatile int arrivals = 0;
    const int value = setjmp(mark);
    ++arrivals;
    atomic_fetch_add(&turns, 1);
    if (value < 2) {
        leave(mark, value + 1);
    }
    assert(value == 2 && arrivals == 3);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    run(NULL);
    pthread_join(thread, NULL);
    assert(turns == 10);
    return 0;
}
