/* T threads do their part each, meet, and see all parts: the last who comes opens. */
#include "test/programs/weak/weak.h"

#ifndef T
#define T 2
#endif
#ifndef ARRIVE
#define ARRIVE acq_rel
#endif
#ifndef OPEN_STORE
#define OPEN_STORE release
#endif
#ifndef OPEN_LOAD
#define OPEN_LOAD acquire
#endif

static atomic_int arrived, open;
static handed parts[T];

static void body(int me) {
    PUT(parts[me], 1);
    if (ADD(arrived, 1, ARRIVE) == T - 1) {
        STORE(open, 1, OPEN_STORE);
    } else {
        while (LOAD(open, OPEN_LOAD) == 0) {
        }
    }
    for (int i = 0; i < T; ++i) {
        JUDGE(GET(parts[i]) == 1);
    }
}

int main(void) {
    run_threads(T, body);
    return 0;
}
