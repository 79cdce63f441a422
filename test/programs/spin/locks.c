/* Locks as people write them: loops that look until they may go on, without a word to the machine. Choose
 * one with -DP_<name>, its size with -DT= and -DN=. What test/programs/prog.c says with an await, or cuts
 * where somebody looks again, is said here by the loop. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#ifndef T
enum { T = 2 };
#endif
#ifndef N
enum { N = 1 };
#endif

int d; /* guarded by each of the locks */
/* Not static: clang would make a local variable of what only one function uses. */

#if defined(P_ticket)
atomic_int next, serving;
static void body(int me) {
    (void)me;
    for (int i = 0; i < N; ++i) {
        int my = atomic_fetch_add(&next, 1);
        while (atomic_load(&serving) != my) {
        }
        ++d;
        atomic_store(&serving, my + 1);
    }
}
#elif defined(P_peterson)
atomic_int flag[2], turn;
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        atomic_store(&flag[me], 1);
        atomic_store(&turn, 1 - me);
        while (atomic_load(&flag[1 - me]) == 1 && atomic_load(&turn) == 1 - me) {
        }
        ++d;
        atomic_store(&flag[me], 0);
    }
}
#elif defined(P_test_and_set)
atomic_flag taken = ATOMIC_FLAG_INIT;
static void body(int me) {
    (void)me;
    for (int i = 0; i < N; ++i) {
        while (atomic_flag_test_and_set(&taken)) {
            sched_yield();
        }
        ++d;
        atomic_flag_clear(&taken);
    }
}
#elif defined(P_compare_and_swap)
atomic_int taken;
static void body(int me) {
    (void)me;
    for (int i = 0; i < N; ++i) {
        int expected = 0;
        while (!atomic_compare_exchange_weak(&taken, &expected, 1)) {
            expected = 0;
        }
        ++d;
        atomic_store(&taken, 0);
    }
}
#elif defined(P_test_test_and_set)
atomic_int taken;
static void lock(void) {
    do {
        while (atomic_load(&taken)) {
            sched_yield();
        }
    } while (atomic_exchange(&taken, 1));
}
static void body(int me) {
    (void)me;
    for (int i = 0; i < N; ++i) {
        lock();
        ++d;
        atomic_store(&taken, 0);
    }
}
#elif defined(P_seqlock) /* thread 0 writes N times, the others read once */
atomic_uint sequence;
atomic_int x, y;
static void body(int me) {
    if (me == 0) {
        for (int i = 1; i <= N; ++i) {
            atomic_fetch_add(&sequence, 1);
            atomic_store(&x, i);
            atomic_store(&y, i);
            atomic_fetch_add(&sequence, 1);
        }
        return;
    }
    unsigned before;
    int a, b;
    do {
        before = atomic_load(&sequence);
        a = atomic_load(&x);
        b = atomic_load(&y);
    } while (before % 2 != 0 || atomic_load(&sequence) != before);
    assert(a == b);
}
#else
#error choose a program
#endif

static void* run(void* argument) {
    body((int)(long)argument);
    return NULL;
}
int main(void) {
    pthread_t t[T];
    for (long i = 0; i < T; ++i) {
        pthread_create(&t[i], NULL, run, (void*)i);
    }
    for (int i = 0; i < T; ++i) {
        pthread_join(t[i], NULL);
    }
    assert(d == T * N || d == 0);
    return 0;
}
