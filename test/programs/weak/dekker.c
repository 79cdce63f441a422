/* Dekker's lock for two threads, with the turn and all. Choose one with -DP_<name>:
 *   P_accesses  everything is sequentially consistent
 *   P_fences    Williams': relaxed accesses and fences
 * Thread 0 enters ROUNDS times, thread 1 once. Two who are inside at once lose a count. */
#include "test/programs/weak/weak.h"

#ifndef ROUNDS
#define ROUNDS 1
#endif

#if defined(P_accesses)
#ifndef FLAG_STORE
#define FLAG_STORE seq_cst
#endif
#ifndef FLAG_AGAIN
#define FLAG_AGAIN seq_cst
#endif
#ifndef FLAG_LOAD
#define FLAG_LOAD seq_cst
#endif
#ifndef FLAG_BACK
#define FLAG_BACK seq_cst
#endif
#ifndef FLAG_CLEAR
#define FLAG_CLEAR seq_cst
#endif
#ifndef TURN_LOAD
#define TURN_LOAD seq_cst
#endif
#ifndef TURN_STORE
#define TURN_STORE seq_cst
#endif
#define STORE_FENCE relaxed
#define AGAIN_FENCE relaxed
#define ENTER_FENCE relaxed
#define LEAVE_FENCE relaxed
#elif defined(P_fences)
#define FLAG_STORE relaxed
#define FLAG_AGAIN relaxed
#define FLAG_LOAD relaxed
#define FLAG_BACK relaxed
#define FLAG_CLEAR relaxed
#define TURN_LOAD relaxed
#define TURN_STORE relaxed
#ifndef STORE_FENCE
#define STORE_FENCE seq_cst
#endif
#ifndef AGAIN_FENCE
#define AGAIN_FENCE seq_cst
#endif
#ifndef ENTER_FENCE
#define ENTER_FENCE acquire
#endif
#ifndef LEAVE_FENCE
#define LEAVE_FENCE release
#endif
#else
#error choose a lock
#endif

static atomic_int flag[2], turn;
static handed count;

static void enter(int me) {
    STORE(flag[me], 1, FLAG_STORE);
    FENCE(STORE_FENCE);
    while (LOAD(flag[1 - me], FLAG_LOAD) == 1) {
        if (LOAD(turn, TURN_LOAD) != me) {
            STORE(flag[me], 0, FLAG_BACK);
            while (LOAD(turn, TURN_LOAD) != me) {
            }
            STORE(flag[me], 1, FLAG_AGAIN);
            FENCE(AGAIN_FENCE);
        }
    }
    FENCE(ENTER_FENCE);
}

static void leave(int me) {
    STORE(turn, 1 - me, TURN_STORE);
    FENCE(LEAVE_FENCE);
    STORE(flag[me], 0, FLAG_CLEAR);
}

static void body(int me) {
    for (int i = 0; i < (me == 0 ? ROUNDS : 1); ++i) {
        enter(me);
        PUT(count, GET(count) + 1);
        leave(me);
    }
}

int main(void) {
    run_threads(2, body);
    JUDGE(GET(count) == ROUNDS + 1);
    return 0;
}
