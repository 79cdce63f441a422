// expect: ok
// quick_exit runs its own list of functions and none of atexit's; the clocks of C; random numbers
// that are the same in each execution.
#include <assert.h>
#include <stdlib.h>
#include <time.h>

static int calls;

static void never(void) {
    abort();
}

static void last(void) {
    if (calls != 1) {
        abort();
    }
}

static void first(void) {
    ++calls;
}

int main(void) {
    assert(calls == 0);
    struct timespec now;
    assert(timespec_get(&now, TIME_UTC) == TIME_UTC && now.tv_nsec < 1000000000);
    assert(clock() != (clock_t)-1);
    srand(7);
    const int drawn = rand();
    srand(7);
    assert(rand() == drawn && drawn >= 0 && drawn <= RAND_MAX);
    atexit(never);
    at_quick_exit(last);
    at_quick_exit(first);
    quick_exit(0);
}
