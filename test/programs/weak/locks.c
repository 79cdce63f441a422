/* Locks whose waiters only look. Choose one with -DP_<name>:
 *   P_exchange  one word, taken by exchange
 *   P_looks     the same, looked at before it is tried
 *   P_ticket    first come, first served
 *   P_queue     that of Mellor-Crummey and Scott: each waits for a word of its own
 * T threads enter N times each. Two who are inside at once, or one who does not see what the last has done, lose a
 * count. */
#include "test/programs/weak/weak.h"

#ifndef T
#define T 2
#endif
#ifndef N
#define N 1
#endif

#if defined(P_exchange) || defined(P_looks)
#ifndef LOCK
#define LOCK acquire
#endif
#ifndef UNLOCK
#define UNLOCK release
#endif
static atomic_int taken;
static void enter(int me) {
    (void)me;
    do {
#ifdef P_looks
        while (LOAD(taken, relaxed) == 1) {
        }
#endif
    } while (EXCHANGE(taken, 1, LOCK) == 1);
}
static void leave(int me) {
    (void)me;
    STORE(taken, 0, UNLOCK);
}
#elif defined(P_ticket)
#ifndef DRAW
#define DRAW relaxed
#endif
#ifndef SERVED_LOAD
#define SERVED_LOAD acquire
#endif
#ifndef SERVED_STORE
#define SERVED_STORE release
#endif
static atomic_int drawn, served;
static int ticket[T];
static void enter(int me) {
    const int mine = ADD(drawn, 1, DRAW);
    while (LOAD(served, SERVED_LOAD) != mine) {
    }
    ticket[me] = mine;
}
static void leave(int me) {
    STORE(served, ticket[me] + 1, SERVED_STORE);
}
#elif defined(P_queue)
#ifndef JOIN
#define JOIN acq_rel
#endif
#ifndef NEXT_STORE
#define NEXT_STORE release
#endif
#ifndef WAITS_LOAD
#define WAITS_LOAD acquire
#endif
#ifndef NEXT_LOAD
#define NEXT_LOAD acquire
#endif
#ifndef NEXT_AGAIN
#define NEXT_AGAIN acquire
#endif
#ifndef GIVE_UP
#define GIVE_UP release
#endif
#ifndef WAITS_STORE
#define WAITS_STORE release
#endif
static struct place {
    struct place* _Atomic next;
    atomic_int waits;
} places[T];
static struct place* _Atomic last;
static void enter(int me) {
    struct place* const mine = &places[me];
    STORE(mine->next, NULL, relaxed);
    STORE(mine->waits, 1, relaxed);
    struct place* const before = EXCHANGE(last, mine, JOIN);
    if (before != NULL) {
        STORE(before->next, mine, NEXT_STORE);
        while (LOAD(mine->waits, WAITS_LOAD) == 1) {
        }
    }
}
static void leave(int me) {
    struct place* const mine = &places[me];
    struct place* next = LOAD(mine->next, NEXT_LOAD);
    if (next == NULL) {
        struct place* expected = mine;
        if (CAS(last, &expected, NULL, GIVE_UP, relaxed)) {
            return;
        }
        while ((next = LOAD(mine->next, NEXT_AGAIN)) == NULL) {
        }
    }
    STORE(next->waits, 0, WAITS_STORE);
}
#else
#error choose a lock
#endif

static handed count;

static void body(int me) {
    for (int i = 0; i < N; ++i) {
        enter(me);
        PUT(count, GET(count) + 1);
        leave(me);
    }
}

int main(void) {
    run_threads(T, body);
    JUDGE(GET(count) == T * N);
    return 0;
}
