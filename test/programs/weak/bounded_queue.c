/* Vyukov's bounded queue of many producers and consumers: each cell has a number that says whose turn it is.
 * PRODUCERS put PUSHES values each, CONSUMERS take POPS each; who finds the queue full or empty gives that try up. Each
 * value comes out once, at the latest when all are gone. */
#include "test/programs/weak/weak.h"

#ifndef PRODUCERS
#define PRODUCERS 1
#endif
#ifndef CONSUMERS
#define CONSUMERS 1
#endif
#ifndef PUSHES
#define PUSHES 1
#endif
#ifndef POPS
#define POPS 1
#endif
#ifndef PUSH_NUMBER
#define PUSH_NUMBER acquire
#endif
#ifndef PUSH_CAS
#define PUSH_CAS relaxed
#endif
#ifndef PUSH_STORE
#define PUSH_STORE release
#endif
#ifndef POP_NUMBER
#define POP_NUMBER acquire
#endif
#ifndef POP_CAS
#define POP_CAS relaxed
#endif
#ifndef POP_STORE
#define POP_STORE release
#endif

enum { size = 2, values = PRODUCERS * PUSHES };

static struct cell {
    atomic_int number;
    handed value;
} cells[size];
static atomic_int head, tail;
static int pushed[values + 1];
static int popped[CONSUMERS][POPS + 1];

static int push(int value) {
    int at = LOAD(tail, relaxed);
    for (;;) {
        struct cell* const c = &cells[at % size];
        const int ahead = LOAD(c->number, PUSH_NUMBER) - at;
        if (ahead < 0) {
            return 0;
        }
        if (ahead > 0) {
            at = LOAD(tail, relaxed);
        } else if (CAS(tail, &at, at + 1, PUSH_CAS, relaxed)) {
            PUT(c->value, value);
            STORE(c->number, at + 1, PUSH_STORE);
            return 1;
        }
    }
}

/* 0: empty. */
static int pop(void) {
    int at = LOAD(head, relaxed);
    for (;;) {
        struct cell* const c = &cells[at % size];
        const int ahead = LOAD(c->number, POP_NUMBER) - (at + 1);
        if (ahead < 0) {
            return 0;
        }
        if (ahead > 0) {
            at = LOAD(head, relaxed);
        } else if (CAS(head, &at, at + 1, POP_CAS, relaxed)) {
            const int value = GET(c->value);
            STORE(c->number, at + size, POP_STORE);
            return value;
        }
    }
}

static void body(int me) {
    if (me < PRODUCERS) {
        for (int i = 1; i <= PUSHES; ++i) {
            pushed[me * PUSHES + i] = push(me * PUSHES + i);
        }
        return;
    }
    for (int i = 0; i < POPS; ++i) {
        popped[me - PRODUCERS][i] = pop();
    }
}

int main(void) {
    int times[values + 1] = {0};
    for (int i = 0; i < size; ++i) {
        STORE(cells[i].number, i, relaxed);
    }
    run_threads(PRODUCERS + CONSUMERS, body);
    for (int i = 0; i < CONSUMERS; ++i) {
        for (int j = 0; j < POPS; ++j) {
            times[popped[i][j]]++;
        }
    }
    for (int i = 0; i < values; ++i) {
        times[pop()]++;
    }
    for (int i = 1; i <= values; ++i) {
        JUDGE(times[i] == pushed[i]);
    }
    return 0;
}
