/* Peterson's lock for two threads. Choose one with -DP_<name>:
 *   P_accesses  everything is sequentially consistent
 *   P_exchange  after Williams: who writes the turn second reads who wrote it first
 *   P_fences    relaxed accesses, a fence behind each of the two announcements
 * Thread 0 enters ROUNDS times, thread 1 once. Two who are inside at once lose a count.
 *
 * Who enters by the turn may have seen the flag of a round before, so the turn alone says what the other did in that
 * round: it is loaded with acquire (Williams loads it relaxed, which is enough for one round). */
#include "test/programs/weak/weak.h"

#ifndef ROUNDS
#define ROUNDS 1
#endif

static atomic_int flag[2], turn;
static handed count;

#if defined(P_accesses)
#ifndef FLAG_STORE
#define FLAG_STORE seq_cst
#endif
#ifndef TURN_STORE
#define TURN_STORE seq_cst
#endif
#ifndef FLAG_LOAD
#define FLAG_LOAD seq_cst
#endif
#ifndef TURN_LOAD
#define TURN_LOAD seq_cst
#endif
#ifndef FLAG_CLEAR
#define FLAG_CLEAR seq_cst
#endif
static void announce(int me) {
    STORE(flag[me], 1, FLAG_STORE);
    STORE(turn, 1 - me, TURN_STORE);
}
#elif defined(P_exchange)
#ifndef FLAG_STORE
#define FLAG_STORE relaxed
#endif
#ifndef TURN_EXCHANGE
#define TURN_EXCHANGE acq_rel
#endif
#ifndef FLAG_LOAD
#define FLAG_LOAD acquire
#endif
#ifndef TURN_LOAD
#define TURN_LOAD acquire
#endif
#ifndef FLAG_CLEAR
#define FLAG_CLEAR release
#endif
static void announce(int me) {
    STORE(flag[me], 1, FLAG_STORE);
    LOOKED_AT(EXCHANGE(turn, 1 - me, TURN_EXCHANGE));
}
#elif defined(P_fences)
#ifndef FLAG_FENCE
#define FLAG_FENCE seq_cst
#endif
#ifndef TURN_FENCE
#define TURN_FENCE seq_cst
#endif
#ifndef FLAG_LOAD
#define FLAG_LOAD acquire
#endif
#ifndef TURN_LOAD
#define TURN_LOAD acquire
#endif
#ifndef FLAG_CLEAR
#define FLAG_CLEAR release
#endif
static void announce(int me) {
    STORE(flag[me], 1, relaxed);
    FENCE(FLAG_FENCE);
    STORE(turn, 1 - me, relaxed);
    FENCE(TURN_FENCE);
}
#else
#error choose a lock
#endif

static void enter_and_leave(int me) {
    announce(me);
    while (LOAD(flag[1 - me], FLAG_LOAD) == 1 && LOAD(turn, TURN_LOAD) == 1 - me) {
    }
    PUT(count, GET(count) + 1);
    STORE(flag[me], 0, FLAG_CLEAR);
}

static void body(int me) {
    for (int i = 0; i < (me == 0 ? ROUNDS : 1); ++i) {
        enter_and_leave(me);
    }
}

int main(void) {
    run_threads(2, body);
    JUDGE(GET(count) == ROUNDS + 1);
    return 0;
}
