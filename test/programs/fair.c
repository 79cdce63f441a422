/* Loops that write while they wait. Choose one with -DP_<name>. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#if defined( \
    P_backs_off) /* the second takes the locks in the other order, and never waits with one */
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int both;
static void* first(void* argument) {
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    ++both;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_lock(&b);
    while (pthread_mutex_trylock(&a) != 0) {
        pthread_mutex_unlock(&b);
        sched_yield();
        pthread_mutex_lock(&b);
    }
    ++both;
    pthread_mutex_unlock(&a);
    pthread_mutex_unlock(&b);
    return argument;
}
#elif defined(P_polite) /* each shows that it wants to, sees the other, and steps back */
static atomic_int wants[2];
static void enter(int me) {
    atomic_store(&wants[me], 1);
    while (atomic_load(&wants[1 - me]) != 0) {
        atomic_store(&wants[me], 0);
        sched_yield();
        atomic_store(&wants[me], 1);
    }
    atomic_store(&wants[me], 0);
}
static void* first(void* argument) {
    enter(0);
    return argument;
}
static void* second(void* argument) {
    enter(1);
    return argument;
}
#elif defined(P_locks)  /* both take locks politely, in opposite orders */
static pthread_mutex_t lock[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static void both(int me) {
    for (;;) {
        pthread_mutex_lock(&lock[me]);
        if (pthread_mutex_trylock(&lock[1 - me]) == 0) {
            break;
        }
        pthread_mutex_unlock(&lock[me]);
    }
    pthread_mutex_unlock(&lock[1 - me]);
    pthread_mutex_unlock(&lock[me]);
}
static void* first(void* argument) {
    both(0);
    return argument;
}
static void* second(void* argument) {
    both(1);
    return argument;
}
/* One counts how often it looked; nobody sets the flag; two count. */
#elif defined(P_counts) || defined(P_never) || defined(P_waiters)
static atomic_int flag, looked;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
        atomic_fetch_add(&looked, 1);
    }
    return argument;
}
static void* second(void* argument) {
#if !defined(P_never)
    atomic_store(&flag, 1);
#endif
    return argument;
}
#if defined(P_waiters)
static void* third(void* argument) {
    return first(argument);
}
#endif
#elif defined(P_turns)  /* what is wrong comes after both have waited for each other */
static atomic_int turn, looked;
static void await_turn(int mine) {
    while (atomic_load(&turn) != mine) {
        atomic_fetch_add(&looked, 1);
    }
}
static void* first(void* argument) {
    await_turn(1);
    atomic_store(&turn, 2);
    await_turn(3);
    assert(argument != NULL);
    return argument;
}
static void* second(void* argument) {
    atomic_store(&turn, 1);
    await_turn(2);
    atomic_store(&turn, 3);
    return argument;
}
#elif defined(P_asleep) /* who sets the flag sleeps first, and again and again afterwards */
static atomic_int flag, looked, done;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
        atomic_fetch_add(&looked, 1);
    }
    atomic_store(&done, 1);
    return argument;
}
static void* second(void* argument) {
    usleep(100);
    atomic_store(&flag, 1);
    while (atomic_load(&done) == 0) {
        usleep(100);
    }
    return argument;
}
#elif defined(P_clock)  /* a state that comes again, but for the time that would pass */
atomic_int flag; /* not static: nobody reads it, and a compiler would leave the stores out */
static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}
static void* first(void* argument) {
    const long until = now() + 1;
    while (now() < until) {
        atomic_store(&flag, 1);
        atomic_store(&flag, 0);
    }
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#elif defined(P_held)   /* two on one CPU: the first never lets the second have it */
#include "sim/annotate.h"
atomic_int flag, word;
static void* first(void* argument) {
    heddle_cpu(1);
    while (atomic_load(&flag) == 0) {
        atomic_store(&word, 1);
        atomic_store(&word, 0);
    }
    return argument;
}
static void* second(void* argument) {
    heddle_cpu(1);
    atomic_store(&flag, 1);
    return argument;
}
#elif defined(P_draws) /* a state that comes again, but for what libc keeps */
atomic_int flag;
static void* first(void* argument) {
    do {
        atomic_store(&flag, 1);
        atomic_store(&flag, 0);
    } while (rand() % 1024 != 0);
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#else
#error choose a program
#endif

#if !defined(P_waiters)
static void* third(void* argument) {
    return argument;
}
#endif

int main(void) {
    pthread_t thread[3];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[1], NULL, second, NULL);
    pthread_create(&thread[2], NULL, third, NULL);
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
