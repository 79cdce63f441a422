/* Lamport's bakery for two threads: who comes takes a number greater than all it sees, and says while it does so.
 * Everything is sequentially consistent. Two who are inside at once lose a count. */
#include "test/programs/weak/weak.h"

#ifndef TAKES_STORE
#define TAKES_STORE seq_cst
#endif
#ifndef GREATEST_LOAD
#define GREATEST_LOAD seq_cst
#endif
#ifndef NUMBER_STORE
#define NUMBER_STORE seq_cst
#endif
#ifndef TAKEN_STORE
#define TAKEN_STORE seq_cst
#endif
#ifndef TAKES_LOAD
#define TAKES_LOAD seq_cst
#endif
#ifndef NUMBER_LOAD
#define NUMBER_LOAD seq_cst
#endif
#ifndef NUMBER_CLEAR
#define NUMBER_CLEAR seq_cst
#endif

static atomic_int takes[2], number[2];
static handed count;

static int comes_before(int theirs, int mine, int me) {
    return theirs != 0 && (theirs < mine || (theirs == mine && me == 1));
}

static void body(int me) {
    const int other = 1 - me;
    STORE(takes[me], 1, TAKES_STORE);
    const int mine = LOAD(number[other], GREATEST_LOAD) + 1;
    STORE(number[me], mine, NUMBER_STORE);
    STORE(takes[me], 0, TAKEN_STORE);
    while (LOAD(takes[other], TAKES_LOAD) == 1) {
    }
    while (comes_before(LOAD(number[other], NUMBER_LOAD), mine, me)) {
    }
    PUT(count, GET(count) + 1);
    STORE(number[me], 0, NUMBER_CLEAR);
}

int main(void) {
    run_threads(2, body);
    JUDGE(GET(count) == 2);
    return 0;
}
