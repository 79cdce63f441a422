// Waiting for good. -DNEAR: nearly the same, and everybody goes on; of P_lost, a deadlock beside a signal that met
// nobody, which is no lost wakeup. P_lost_not is none either.
#include <pthread.h>

#include "sim/annotate.h"

#ifdef P_lost
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ready = PTHREAD_COND_INITIALIZER;

static void* wake(void* unused) {
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&ready);
#ifdef NEAR
    pthread_mutex_lock(&second);
    pthread_mutex_unlock(&second);
#endif
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t waker;
    pthread_create(&waker, 0, wake, 0);
#ifdef NEAR
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&second);
#else
    (void)second;
    pthread_mutex_lock(&lock);
    pthread_cond_wait(&ready, &lock);
#endif
    pthread_mutex_unlock(&lock);
    pthread_join(waker, 0);
    return 0;
}
#endif

#ifdef P_ring
static pthread_mutex_t forks[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER};

static void eat(int first, int second) {
    pthread_mutex_lock(&forks[first]);
    pthread_mutex_lock(&forks[second]);
    pthread_mutex_unlock(&forks[second]);
    pthread_mutex_unlock(&forks[first]);
}

static void* one(void* unused) {
    eat(0, 1);
    return unused;
}
static void* two(void* unused) {
    eat(1, 2);
    return unused;
}
static void* three(void* unused) {
#ifdef NEAR
    eat(0, 2);
#else
    eat(2, 0);
#endif
    return unused;
}

int main(void) {
    void* (*const all[3])(void*) = {one, two, three};
    pthread_t threads[3];
    for (int i = 0; i < 3; ++i) {
        pthread_create(&threads[i], 0, all[i], 0);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], 0);
    }
    return 0;
}
#endif

#ifdef P_overwritten
static unsigned state;  // 1 while there is work

static void* offer(void* unused) {
    __atomic_store_n(&state, 1, __ATOMIC_SEQ_CST);
#ifndef NEAR
    __atomic_store_n(&state, 0, __ATOMIC_SEQ_CST);
#endif
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, offer, 0);
    heddle_await_u32(&state, HEDDLE_EQUAL, 1, "work");
    pthread_join(other, 0);
    return 0;
}
#endif

#ifdef P_lost_not
// Each waits until the other has left; that a signal met nobody at the first meal is nothing to regret.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static int inside;

static void* stay(void* unused) {
    pthread_mutex_lock(&lock);
    ++inside;
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
    while (inside > 1) {
        pthread_cond_wait(&left, &lock);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_cond_signal(&left);
    pthread_create(&other, 0, stay, 0);
    stay(0);
    pthread_join(other, 0);
    return 0;
}
#endif

#ifdef P_missed
// All are woken, but one that has looked does not wait yet. NEAR: it looks and begins to wait in one.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static _Atomic int open;

static void* enter(void* unused) {
    pthread_mutex_lock(&lock);
    while (!open) {
        pthread_cond_wait(&opened, &lock);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t one;
    pthread_t two;
    pthread_create(&one, 0, enter, 0);
    pthread_create(&two, 0, enter, 0);
#ifdef NEAR
    pthread_mutex_lock(&lock);
#endif
    open = 1;
    pthread_cond_broadcast(&opened);
#ifdef NEAR
    pthread_mutex_unlock(&lock);
#endif
    pthread_join(one, 0);
    pthread_join(two, 0);
    return 0;
}
#endif
