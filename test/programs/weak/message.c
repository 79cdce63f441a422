/* A message and the flag that says that it is there. Choose one with -DP_<name>:
 *   P_flag    the flag is stored with release, loaded with acquire
 *   P_fences  the same by fences
 *   P_adds    somebody adds to the flag in between, which the order of the first passes through;
 *             with -DAPART by a load and a store, which it does not
 *   P_passed  who has seen the flag sets another
 *   P_once    an object made by who comes first, under a mutex, and found without it later */
#include "test/programs/weak/weak.h"

#ifndef FLAG_STORE
#define FLAG_STORE release
#endif
#ifndef FLAG_LOAD
#define FLAG_LOAD acquire
#endif

static handed message;
static atomic_int flag;

#if defined(P_flag)
enum { threads = 2 };
static void body(int me) {
    if (me == 0) {
        PUT(message, 1);
        STORE(flag, 1, FLAG_STORE);
        return;
    }
    while (LOAD(flag, FLAG_LOAD) == 0) {
    }
    JUDGE(GET(message) == 1);
}
#elif defined(P_fences)
#ifndef BEFORE_STORE
#define BEFORE_STORE release
#endif
#ifndef BEHIND_LOAD
#define BEHIND_LOAD acquire
#endif
enum { threads = 2 };
static void body(int me) {
    if (me == 0) {
        PUT(message, 1);
        FENCE(BEFORE_STORE);
        STORE(flag, 1, relaxed);
        return;
    }
    while (LOAD(flag, relaxed) == 0) {
    }
    FENCE(BEHIND_LOAD);
    JUDGE(GET(message) == 1);
}
#elif defined(P_adds)
enum { threads = 3 };
static void body(int me) {
    if (me == 0) {
        PUT(message, 1);
        STORE(flag, 1, FLAG_STORE);
    } else if (me == 1) {
#ifdef APART
        if (LOAD(flag, relaxed) == 1) {
            STORE(flag, 3, relaxed);
        }
#else
        ADD(flag, 2, relaxed);
#endif
    } else if (LOAD(flag, FLAG_LOAD) == 3) {
        JUDGE(GET(message) == 1);
    }
}
#elif defined(P_passed)
#ifndef PASS_STORE
#define PASS_STORE release
#endif
#ifndef PASS_LOAD
#define PASS_LOAD acquire
#endif
enum { threads = 3 };
static atomic_int passed;
static void body(int me) {
    if (me == 0) {
        PUT(message, 1);
        STORE(flag, 1, FLAG_STORE);
    } else if (me == 1) {
        if (LOAD(flag, FLAG_LOAD) == 1) {
            STORE(passed, 1, PASS_STORE);
        }
    } else if (LOAD(passed, PASS_LOAD) == 1) {
        JUDGE(GET(message) == 1);
    }
}
#elif defined(P_once)
enum { threads = 2 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void body(int me) {
    (void)me;
    if (LOAD(flag, FLAG_LOAD) == 0) {
        pthread_mutex_lock(&mutex);
        if (LOAD(flag, relaxed) == 0) {
            PUT(message, 1);
            STORE(flag, 1, FLAG_STORE);
        }
        pthread_mutex_unlock(&mutex);
    }
    JUDGE(GET(message) == 1);
}
#else
#error choose one
#endif

int main(void) {
    run_threads(threads, body);
    return 0;
}
