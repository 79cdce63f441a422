/* Who waits says so and looks once more whether there is anything to wait for; who comes with it looks whether somebody
 * waits. If both look too early, one waits for good. Choose one with -DP_<name>:
 *   P_accesses  everything is sequentially consistent
 *   P_fences    relaxed accesses and a fence on either side */
#include "test/programs/weak/weak.h"

#if defined(P_accesses)
#ifndef WAITING_STORE
#define WAITING_STORE seq_cst
#endif
#ifndef READY_LOAD
#define READY_LOAD seq_cst
#endif
#ifndef READY_STORE
#define READY_STORE seq_cst
#endif
#ifndef WAITING_LOAD
#define WAITING_LOAD seq_cst
#endif
#define WAITER_FENCE relaxed
#define WAKER_FENCE relaxed
#elif defined(P_fences)
#define WAITING_STORE relaxed
#define READY_LOAD relaxed
#define READY_STORE relaxed
#define WAITING_LOAD relaxed
#ifndef WAITER_FENCE
#define WAITER_FENCE seq_cst
#endif
#ifndef WAKER_FENCE
#define WAKER_FENCE seq_cst
#endif
#else
#error choose one
#endif

static atomic_int waiting, ready, woken;

static void body(int me) {
    if (me == 0) {
        STORE(waiting, 1, WAITING_STORE);
        FENCE(WAITER_FENCE);
        if (LOAD(ready, READY_LOAD) == 0) {
            while (LOAD(woken, relaxed) == 0) {
            }
        }
    } else {
        STORE(ready, 1, READY_STORE);
        FENCE(WAKER_FENCE);
        if (LOAD(waiting, WAITING_LOAD) == 1) {
            STORE(woken, 1, relaxed);
        }
    }
}

int main(void) {
    run_threads(2, body);
    return 0;
}
