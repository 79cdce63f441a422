/* A ring of two slots between one producer and one consumer, after Lamport: each stores one index and loads the other's.
 * PUSHES values are put in, POPS are tried to be taken out; who finds the ring full or empty gives that try up. What
 * comes out is what was put in, in order. */
#include "test/programs/weak/weak.h"

#ifndef PUSHES
#define PUSHES 2
#endif
#ifndef POPS
#define POPS 2
#endif
#ifndef HEAD_LOAD
#define HEAD_LOAD acquire
#endif
#ifndef TAIL_STORE
#define TAIL_STORE release
#endif
#ifndef TAIL_LOAD
#define TAIL_LOAD acquire
#endif
#ifndef HEAD_STORE
#define HEAD_STORE release
#endif

enum { size = 2 };

static atomic_int head, tail;
static handed slots[size];

static void produce(void) {
    int at = 0;
    for (int i = 0; i < PUSHES; ++i) {
        if (at - LOAD(head, HEAD_LOAD) < size) {
            PUT(slots[at % size], at + 1);
            STORE(tail, ++at, TAIL_STORE);
        }
    }
}

static void consume(void) {
    int at = 0;
    for (int i = 0; i < POPS; ++i) {
        if (at < LOAD(tail, TAIL_LOAD)) {
            JUDGE(GET(slots[at % size]) == at + 1);
            STORE(head, ++at, HEAD_STORE);
        }
    }
}

static void body(int me) {
    if (me == 0) {
        produce();
    } else {
        consume();
    }
}

int main(void) {
    run_threads(2, body);
    return 0;
}
