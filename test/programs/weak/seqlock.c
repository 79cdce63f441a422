/* A seqlock as in Boehm, "Can seqlocks get along with programming language memory models?" (MSPC 2012): data are
 * relaxed atomics between two fences. One writer, WRITES versions; READERS look once each and give up if they were
 * disturbed. What a reader takes is all of the version that the number says. */
#include "test/programs/weak/weak.h"

#ifndef WRITES
#define WRITES 1
#endif
#ifndef READERS
#define READERS 1
#endif
#ifndef ODD_STORE
#define ODD_STORE relaxed
#endif
#ifndef WRITE_FENCE
#define WRITE_FENCE release
#endif
#ifndef EVEN_STORE
#define EVEN_STORE release
#endif
#ifndef FIRST_LOAD
#define FIRST_LOAD acquire
#endif
#ifndef READ_FENCE
#define READ_FENCE acquire
#endif
#ifndef SECOND_LOAD
#define SECOND_LOAD relaxed
#endif

static atomic_int number, a, b;

static void write_version(int version) {
    STORE(number, 2 * version - 1, ODD_STORE);
    FENCE(WRITE_FENCE);
    STORE(a, version, relaxed);
    STORE(b, version, relaxed);
    STORE(number, 2 * version, EVEN_STORE);
}

static void read_version(void) {
    const int before = LOAD(number, FIRST_LOAD);
    const int got_a = LOAD(a, relaxed);
    const int got_b = LOAD(b, relaxed);
    FENCE(READ_FENCE);
    if (LOAD(number, SECOND_LOAD) == before && before % 2 == 0) {
        assert(got_a == before / 2 && got_b == got_a);
    }
}

static void body(int me) {
    if (me != 0) {
        read_version();
        return;
    }
    for (int i = 1; i <= WRITES; ++i) {
        write_version(i);
    }
}

int main(void) {
    run_threads(READERS + 1, body);
    return 0;
}
