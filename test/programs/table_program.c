// A program that does what a table says: threads of small operations on few objects. The table is
// written into `table` before the program starts, so that one subject is any program of this kind.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "sim/annotate.h"

enum { threads_max = 4, operations_max = 8, objects_max = 3 };

#include "test/programs/places.h"

enum kind {
    none,
    load,
    store,
    add,
    cas,
    lock,
    unlock,
    trylock,
    unlock_if,
    wait,
    signal,
    broadcast,
    await,
    rdlock,
    wrlock,
    rwunlock,
    post,
    sem_take,
    choose,
    raise_to,
    lower_to
};

struct entry {
    int kind;
    int object;
    int value;
    int value2;
};

struct entry table[threads_max][operations_max];
int threads;

static atomic_int word[objects_max];
static pthread_mutex_t mutex[objects_max];
static pthread_cond_t condition[objects_max];
static pthread_rwlock_t rwlock[objects_max];
static sem_t semaphore[objects_max];

static void change_level(const struct entry* e) {
    if (e->kind == raise_to) {
        (void)heddle_raise_level((unsigned)e->value);
    } else if (e->kind == lower_to) {
        heddle_restore_level((unsigned)e->value);
    }
}

static void* run(void* argument) {
    const struct entry* e = argument;
    int got = 0;
    choose_cpu((e - table[0]) / operations_max);
    for (int i = 0; i < operations_max; ++i, ++e) {
        int expected = e->value;
        switch (e->kind) {
            case load:
                (void)atomic_load(&word[e->object]);
                break;
            case store:
                atomic_store(&word[e->object], e->value);
                break;
            case add:
                atomic_fetch_add(&word[e->object], e->value);
                break;
            case cas:
                atomic_compare_exchange_strong(&word[e->object], &expected, e->value2);
                break;
            case lock:
                pthread_mutex_lock(&mutex[e->object]);
                break;
            case unlock:
                pthread_mutex_unlock(&mutex[e->object]);
                break;
            case trylock:
                got = pthread_mutex_trylock(&mutex[e->object]) == 0;
                break;
            case unlock_if:
                if (got) {
                    pthread_mutex_unlock(&mutex[e->object]);
                }
                break;
            case wait:
                pthread_cond_wait(&condition[e->object], &mutex[e->object]);
                break;
            case signal:
                pthread_cond_signal(&condition[e->object]);
                break;
            case broadcast:
                pthread_cond_broadcast(&condition[e->object]);
                break;
            case await:
                heddle_await_u32(&word[e->object], HEDDLE_EQUAL, (unsigned)e->value, "it");
                break;
            case rdlock:
                pthread_rwlock_rdlock(&rwlock[e->object]);
                break;
            case wrlock:
                pthread_rwlock_wrlock(&rwlock[e->object]);
                break;
            case rwunlock:
                pthread_rwlock_unlock(&rwlock[e->object]);
                break;
            case post:
                sem_post(&semaphore[e->object]);
                break;
            case sem_take:
                sem_wait(&semaphore[e->object]);
                break;
            case choose:
                (void)heddle_choose((unsigned)e->value);
                break;
            default:
                change_level(e);
        }
    }
    return 0;
}

int main(void) {
    pthread_t thread[threads_max];
    for (int i = 0; i < objects_max; ++i) {
        sem_init(&semaphore[i], 0, 0);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_create(&thread[i], 0, run, table[i]);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], 0);
    }
    return 0;
}
