// Two counters that a lock keeps equal, but for one moment. -DNEAR: only while the lock is held.
#include <pthread.h>

#include "sim/annotate.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int taken;
static int queued;
static unsigned word;

static int balanced(void* unused) {
    (void)unused;
    return taken == queued;
}

static int small(void* unused) {
    (void)unused;
    if (__atomic_load_n(&word, __ATOMIC_SEQ_CST) >= 3) {
        heddle_note("it is 3");
        return 0;
    }
    return 1;
}

static void* move(void* unused) {
    pthread_mutex_lock(&lock);
    taken++;
#ifdef P_lock
#ifndef NEAR
    pthread_mutex_unlock(&lock);
    pthread_mutex_lock(&lock);
#endif
#endif
    queued++;
    pthread_mutex_unlock(&lock);
#ifdef P_now
    __atomic_fetch_add(&word, 2, __ATOMIC_SEQ_CST);
#ifdef NEAR
    __atomic_fetch_sub(&word, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_sub(&word, 1, __ATOMIC_SEQ_CST);
#endif
#endif
    return unused;
}

int main(void) {
    heddle_invariant_of(&lock, "as many are queued as were taken", balanced, 0);
    pthread_t other;
    pthread_create(&other, 0, move, 0);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
#ifdef P_now
    __atomic_fetch_add(&word, 1, __ATOMIC_SEQ_CST);
#ifdef NEAR
    __atomic_fetch_sub(&word, 1, __ATOMIC_SEQ_CST);
#endif
    heddle_invariant_now(&word, sizeof word, "the word is small", small, 0);
#endif
    pthread_join(other, 0);
    return 0;
}
