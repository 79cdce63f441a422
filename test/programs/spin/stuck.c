/* Loops that only look and never find, and loops that only seem to. Choose one with -DP_<name>. */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#if defined(P_never) /* nobody sets the flag */
atomic_int flag;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
    }
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#elif defined(P_opposite) /* two spin locks, taken in opposite orders */
atomic_int one, two;
static void take(atomic_int* lock) {
    while (atomic_exchange(lock, 1) != 0) {
        sched_yield();
    }
}
static void give(atomic_int* lock) {
    atomic_store(lock, 0);
}
static void* first(void* argument) {
    take(&one);
    take(&two);
    give(&two);
    give(&one);
    return argument;
}
static void* second(void* argument) {
    take(&two);
    take(&one);
    give(&one);
    give(&two);
    return argument;
}
#elif defined(P_mixed)    /* spins while it holds what the other needs before it sets the flag */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
atomic_int flag;
static void* first(void* argument) {
    pthread_mutex_lock(&lock);
    while (atomic_load(&flag) == 0) {
    }
    pthread_mutex_unlock(&lock);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    atomic_store(&flag, 1);
    return argument;
}
#elif defined(P_long)     /* ends by itself, after looking often */
atomic_int flag;
static void* first(void* argument) {
    for (int i = 0; i < 400 && atomic_load(&flag) == 0; ++i) {
    }
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#elif defined(P_back)  /* the value comes and goes; who waits for two values sees neither or both */
atomic_int a, b;
static void* first(void* argument) {
    while (atomic_load(&a) == 0 && atomic_load(&b) == 0) {
    }
    return argument;
}
static void* second(void* argument) {
    atomic_store(&b, 1);
    atomic_store(&b, 0);
    atomic_store(&a, 1);
    return argument;
}
#elif defined(P_clock) /* looks at the clock, too: time would let it go on */
atomic_int flag;
static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}
static void* first(void* argument) {
    const long until = now() + 1;
    while (atomic_load(&flag) == 0 && now() < until) {
    }
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#elif defined( \
    P_writes) /* a plain write in the loop: no iteration is like another, so it ends only fairly (machine/fair.h) */
atomic_int flag;
int looked;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
        ++looked;
    }
    return argument;
}
static void* second(void* argument) {
    atomic_store(&flag, 1);
    return argument;
}
#elif defined(P_asleep) /* who sets the flag sleeps first */
atomic_int flag;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
    }
    return argument;
}
static void* second(void* argument) {
    usleep(100);
    atomic_store(&flag, 1);
    return argument;
}
#elif defined(P_shows)  /* what is wrong happens only while somebody looks in vain */
atomic_int flag;
int plain;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
        assert(plain == 0);
    }
    return argument;
}
static void* second(void* argument) {
    plain = 1;
    atomic_store(&flag, 1);
    return argument;
}
#else
#error choose a program
#endif

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[1], NULL, second, NULL);
    for (int i = 0; i < 2; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
