/* The work-stealing deque of Chase and Lev with the orders of Le, Pop, Cohen and Zappa Nardelli (PPoPP 2013),
 * its ring of SIZE slots never grown. The owner puts ITEMS in, as many as there is room for, and takes TAKES out at
 * the bottom, THIEVES steal at the top, STEALS times each; what is left the owner takes when all are gone.
 * Everybody's loot is counted then: each item is there once. */
#include "test/programs/weak/weak.h"

#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef TAKES
#define TAKES 1
#endif
#ifndef THIEVES
#define THIEVES 1
#endif
#ifndef STEALS
#define STEALS 2
#endif
#ifndef SIZE
#define SIZE 4
#endif
#ifndef TAKE_FENCE
#define TAKE_FENCE seq_cst
#endif
#ifndef TAKE_CAS
#define TAKE_CAS seq_cst
#endif
#ifndef PUSH_TOP
#define PUSH_TOP acquire
#endif
#ifndef PUSH_FENCE
#define PUSH_FENCE release
#endif
#ifndef STEAL_TOP
#define STEAL_TOP acquire
#endif
#ifndef STEAL_FENCE
#define STEAL_FENCE seq_cst
#endif
#ifndef STEAL_BOTTOM
#define STEAL_BOTTOM acquire
#endif
#ifndef STEAL_CAS
#define STEAL_CAS seq_cst
#endif

enum { nothing = 0 };

static atomic_int top, bottom, slots[SIZE];
static int pushed[ITEMS + 1];
static int loot[THIEVES + 1][ITEMS + STEALS];

/* 0: no room. */
static int push(int item) {
    const int at = LOAD(bottom, relaxed);
    if (at - LOAD(top, PUSH_TOP) >= SIZE) {
        return 0;
    }
    STORE(slots[at % SIZE], item, relaxed);
    FENCE(PUSH_FENCE);
    STORE(bottom, at + 1, relaxed);
    return 1;
}

static int take(void) {
    const int at = LOAD(bottom, relaxed) - 1;
    STORE(bottom, at, relaxed);
    FENCE(TAKE_FENCE);
    int first = LOAD(top, relaxed);
    int item = nothing;
    if (first <= at) {
        item = LOAD(slots[at % SIZE], relaxed);
        if (first < at) {
            return item;
        }
        if (!CAS(top, &first, first + 1, TAKE_CAS, relaxed)) {
            item = nothing;
        }
    }
    STORE(bottom, at + 1, relaxed);
    return item;
}

static int steal(void) {
    int first = LOAD(top, STEAL_TOP);
    FENCE(STEAL_FENCE);
    if (first >= LOAD(bottom, STEAL_BOTTOM)) {
        return nothing;
    }
    const int item = LOAD(slots[first % SIZE], relaxed);
    assert(item != nothing);
    return CAS(top, &first, first + 1, STEAL_CAS, relaxed) ? item : nothing;
}

static void body(int me) {
    if (me != 0) {
        for (int i = 0; i < STEALS; ++i) {
            loot[me][i] = steal();
        }
        return;
    }
    for (int i = 0; i < ITEMS; ++i) {
        pushed[i + 1] = push(i + 1);
    }
    for (int i = 0; i < TAKES; ++i) {
        loot[0][i] = take();
    }
}

int main(void) {
    int times[ITEMS + 1] = {0};
    run_threads(THIEVES + 1, body);
    for (int i = TAKES; i < ITEMS; ++i) {
        loot[0][i] = take();
    }
    for (int i = 0; i <= THIEVES; ++i) {
        for (int j = 0; j < ITEMS + STEALS; ++j) {
            times[loot[i][j]]++;
        }
    }
    for (int i = 1; i <= ITEMS; ++i) {
        assert(times[i] == pushed[i]);
    }
    return 0;
}
