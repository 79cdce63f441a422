// What may be done where: each P_ breaks one rule of `sim/check/context_rules.h`; with -DNEAR the same program
// keeps it, by little.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "sim/annotate.h"

static pthread_mutex_t tx_mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready;

static void mutex_enter(void) {
    pthread_mutex_lock(&tx_mutex);
    heddle_enter(HEDDLE_MUTEX, &tx_mutex, "tx_mutex");
}
static void mutex_leave(void) {
    heddle_leave(HEDDLE_MUTEX, &tx_mutex);
    pthread_mutex_unlock(&tx_mutex);
}

// A grace period of one reader: its word is odd inside a section.
static atomic_uint reader_word;
static int grace;

static void read_enter(void) {
    atomic_fetch_add(&reader_word, 1);
    heddle_read_enter(&grace, &reader_word, "routes");
}
static void read_leave(void) {
    heddle_read_leave(&grace, &reader_word);
    atomic_fetch_add(&reader_word, 1);
}
static void grace_period(void) {
    heddle_grace_wait(&grace);
    heddle_await_u32(&reader_word, HEDDLE_QUIESCENT, 0, "grace period");
    heddle_quiescent(&grace, &reader_word);
}

#if defined(P_mutex)

static void wait_for_room(void) {
    sem_wait(&ready);
}

static void* other(void* unused) {
    (void)unused;
    mutex_enter();
#ifdef NEAR
    mutex_leave();
    wait_for_room();
#else
    wait_for_room();
    mutex_leave();
#endif
    return NULL;
}

static void work(void) {
    sem_post(&ready);
}

#elif defined(P_may)

// Sleeps only if there is nothing, and there always is something.
static void allocate(void) {
    heddle_may_sleep("malloc(9) with M_WAITOK");
}

static void* other(void* unused) {
    (void)unused;
#ifdef NEAR
    allocate();
    mutex_enter();
#else
    mutex_enter();
    allocate();
#endif
    mutex_leave();
    return NULL;
}

static void work(void) {}

#elif defined(P_read)

static pthread_rwlock_t configuration = PTHREAD_RWLOCK_INITIALIZER;

static void* other(void* unused) {
    (void)unused;
    read_enter();
#ifdef NEAR
    if (pthread_rwlock_tryrdlock(&configuration) == 0) {
        pthread_rwlock_unlock(&configuration);
    }
#else
    pthread_rwlock_rdlock(&configuration);
    pthread_rwlock_unlock(&configuration);
#endif
    read_leave();
    return NULL;
}

static void work(void) {
    pthread_rwlock_wrlock(&configuration);
    pthread_rwlock_unlock(&configuration);
}

#elif defined(P_interrupt)

static void* other(void* unused) {
    (void)unused;
    heddle_enter(HEDDLE_INTERRUPT, NULL, "em0");
#ifdef NEAR
    sem_trywait(&ready);
#else
    sem_wait(&ready);
#endif
    heddle_leave(HEDDLE_INTERRUPT, NULL);
    return NULL;
}

static void work(void) {
    sem_post(&ready);
}

#elif defined(P_grace)

static void* other(void* unused) {
    (void)unused;
    // Another's section is no reason not to wait; one's own is.
#ifndef NEAR
    heddle_read_enter(&grace, &ready, "routes");
#endif
    grace_period();
#ifndef NEAR
    heddle_read_leave(&grace, &ready);
#endif
    return NULL;
}

static void work(void) {
    read_enter();
    read_leave();
}

#elif defined(P_barrier)

static int queue;
static int other_queue;

static void flush(void* of) {
    heddle_barrier(of);
}

static void* other(void* unused) {
    (void)unused;
    heddle_enter(HEDDLE_CALLBACK, &queue, "softnet queue");
#ifdef NEAR
    flush(&other_queue);
#else
    flush(&queue);
    (void)other_queue;
#endif
    heddle_leave(HEDDLE_CALLBACK, &queue);
    return NULL;
}

static void work(void) {}

#elif defined(P_free)

struct route {
    _Atomic(struct route*) next;
};
static _Atomic(struct route*) first;

static void* other(void* unused) {
    (void)unused;
    // Finds the route, but does nothing with it: no use after free says that this is wrong.
    read_enter();
    (void)atomic_load(&first);
    read_leave();
    return NULL;
}

static void work(void) {
    struct route* old = atomic_exchange(&first, NULL);
    heddle_unlinked(old, &grace);
#ifdef NEAR
    grace_period();
#endif
    free(old);
}

#elif defined(P_slots)

static int hazards;

static void* other(void* unused) {
    (void)unused;
    static int objects[3];
    heddle_slots(&hazards, 2, "hazard slots");
    heddle_slot_use(&hazards, &objects[0]);
    heddle_slot_use(&hazards, &objects[1]);
#ifdef NEAR
    heddle_slot_release(&hazards, &objects[0]);
    heddle_slot_use(&hazards, &objects[2]);
#else
    heddle_slot_use(&hazards, &objects[2]);
    heddle_slot_release(&hazards, &objects[0]);
#endif
    heddle_slot_release(&hazards, &objects[1]);
    heddle_slot_release(&hazards, &objects[2]);
    return NULL;
}

static void work(void) {}

#elif defined(P_balance)

static void* other(void* unused) {
    (void)unused;
    read_enter();
#ifdef NEAR
    read_leave();
#endif
    return NULL;
}

static void work(void) {}

#endif

int main(void) {
    (void)mutex_enter, (void)mutex_leave, (void)read_enter, (void)read_leave, (void)grace_period;
    sem_init(&ready, 0, 0);
#ifdef P_free
    atomic_store(&first, malloc(sizeof(struct route)));
#endif
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    work();
    pthread_join(thread, NULL);
    return 0;
}
