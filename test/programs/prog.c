/* Small parametric programs whose exact trace counts are known. Choose one with -DP_<name>, its size
 * with -DT= and -DN=.
 * All operations are seq_cst, so that the counts do not depend on the memory model, unless -DHEDDLE_RA (loads
 * acquire, stores release) or -DHEDDLE_RELAXED is given. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "sim/annotate.h"
#ifndef T
enum { T = 2 };
#endif
#ifndef N
enum { N = 1 };
#endif
#if defined(HEDDLE_RA)
enum { loads = memory_order_acquire, stores = memory_order_release, adds = memory_order_acq_rel };
#elif defined(HEDDLE_RELAXED)
enum { loads = memory_order_relaxed, stores = memory_order_relaxed, adds = memory_order_relaxed };
#else
enum { loads = memory_order_seq_cst, stores = memory_order_seq_cst, adds = memory_order_seq_cst };
#endif
#define HEDDLE_LD(p) atomic_load_explicit(&(p), (memory_order)loads)
#define HEDDLE_ST(p, v) atomic_store_explicit(&(p), (v), (memory_order)stores)
#define HEDDLE_ADD(p, v) atomic_fetch_add_explicit(&(p), (v), (memory_order)adds)

#if defined(P_inc_rmw) /* T threads, N fetch_add each; the result is used */
atomic_int x;
int r[T];
static void body(int me) {
    for (int i = 0; i < N; ++i)
        r[me] += HEDDLE_ADD(x, 1);
}
#elif defined(P_inc_ldst) /* T threads, N times load;store */
atomic_int x;
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        int v = HEDDLE_LD(x);
        HEDDLE_ST(x, v + 1);
    }
}
#elif defined(P_write)    /* T threads, N different values written to one variable each */
atomic_int x;
static void body(int me) {
    for (int i = 0; i < N; ++i)
        HEDDLE_ST(x, me * N + i + 1);
}
#elif defined(P_sb)       /* N rounds of store buffering on fresh variables */
atomic_int x[N], y[N];
int a[N], b[N];
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        if (me == 0) {
            HEDDLE_ST(x[i], 1);
            a[i] = HEDDLE_LD(y[i]);
        } else {
            HEDDLE_ST(y[i], 1);
            b[i] = HEDDLE_LD(x[i]);
        }
    }
}
#elif defined(P_mp)       /* N rounds of message passing on fresh variables, flag read once */
atomic_int d[N], f[N];
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        if (me == 0) {
            HEDDLE_ST(d[i], 1);
            HEDDLE_ST(f[i], 1);
        } else {
            if (HEDDLE_LD(f[i]))
                assert(HEDDLE_LD(d[i]) == 1);
        }
    }
}
#elif defined(P_mutex)    /* T threads, N critical sections on one pthread mutex */
pthread_mutex_t m;
int d;
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        pthread_mutex_lock(&m);
        ++d;
        pthread_mutex_unlock(&m);
    }
}
#elif defined(P_ticket)   /* ticket lock: the turn is awaited, one event once it has come */
atomic_int next, serving;
int d;
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        int my = HEDDLE_ADD(next, 1);
        heddle_await_u32(&serving, HEDDLE_EQUAL, (unsigned)my, "its turn");
        ++d;
        HEDDLE_ST(serving, my + 1);
    }
}
#elif defined(P_peterson) /* Peterson's lock, two threads, N entries each */
atomic_int flag[2], turn;
int d;
/* Whoever looks in vain looks again natively. In exploration it stands there for good, as with the
 * peers: an execution in which it looks again and gets in has the same events, but for the look in
 * vain, as one in which it came later. So all complete executions are there, and the others end as
 * deadlocks of contexts that wait for nothing. */
static void look_again(void) {
#ifdef HEDDLE_SUBJECT
    static const unsigned never = 0;
    heddle_await_u32(&never, HEDDLE_EQUAL, 1, "a later look");
#endif
}
static void body(int me) {
    for (int i = 0; i < N; ++i) {
        HEDDLE_ST(flag[me], 1);
        HEDDLE_ST(turn, 1 - me);
        while (HEDDLE_LD(flag[1 - me]) == 1 && HEDDLE_LD(turn) == 1 - me)
            look_again();
        ++d;
        HEDDLE_ST(flag[me], 0);
    }
}
#elif defined( \
    P_treiber) /* T threads, each pushes N nodes then pops N times; nodes are never reused */
struct node {
    _Atomic(struct node*) next;
    int v;
} pool[T][N];
_Atomic(struct node*) head;
int got[T];
static void body(int me) {
    for (int k = 0; k < N; ++k) {
        struct node *n = &pool[me][k], *h;
        do {
            h = HEDDLE_LD(head);
            HEDDLE_ST(n->next, h);
        } while (!atomic_compare_exchange_strong(&head, &h, n));
    }
    for (int k = 0; k < N; ++k) {
        struct node *h, *x;
        do {
            h = HEDDLE_LD(head);
            if (!h)
                break;
            x = HEDDLE_LD(h->next);
        } while (!atomic_compare_exchange_strong(&head, &h, x));
        if (h)
            got[me]++;
    }
}
#elif defined(P_readers) /* 1 writer, T-1 readers of one variable */
atomic_int x;
int r[T];
static void body(int me) {
    if (me == 0)
        HEDDLE_ST(x, 1);
    else
        r[me] = HEDDLE_LD(x);
}
#elif defined(P_philo) /* T dining philosophers, N meals, forks as mutexes, last one left-handed */
pthread_mutex_t fk[T];
int meals[T];
static void body(int me) {
    int a = me, b = (me + 1) % T;
    if (a > b) {
        int t = a;
        a = b;
        b = t;
    }
    for (int i = 0; i < N; ++i) {
        pthread_mutex_lock(&fk[a]);
        pthread_mutex_lock(&fk[b]);
        meals[me]++;
        pthread_mutex_unlock(&fk[b]);
        pthread_mutex_unlock(&fk[a]);
    }
}
#else
#error choose a program
#endif

static void* run(void* a) {
    body((int)(long)a);
    return NULL;
}
int main(void) {
    pthread_t t[T];
#if defined(P_mutex)
    pthread_mutex_init(&m, NULL);
#elif defined(P_philo)
    for (int i = 0; i < T; ++i)
        pthread_mutex_init(&fk[i], NULL);
#endif
    for (long i = 0; i < T; ++i)
        pthread_create(&t[i], NULL, run, (void*)i);
    for (int i = 0; i < T; ++i)
        pthread_join(t[i], NULL);
    return 0;
}
