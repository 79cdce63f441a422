// A program that does what a table says to words that others await: each thread has a cell that only it
// writes, odd inside a section and even outside, and there is a flag that all may write. What each
// thread saw is left in `seen`.
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

enum { threads_max = 3, operations_max = 6 };

#include "test/programs/places.h"

enum kind {
    none,
    step,         // enters its section, or leaves it
    add_step,     // the same by an update
    await_quiet,  // until thread `value` is in no section
    await_odd,    // until it has entered its first
    await_more,   // until its cell is above 1
    await_flag,   // until the flag is `value`
    set_flag,
    lock,
    unlock,
    try_lock,
    read,
    write,
    read_plain,
    write_plain,
    raise_level,
    restore_level,
};

struct entry {
    int kind;
    int value;
};

struct entry table[threads_max][operations_max];
int threads;
int seen[threads_max][operations_max];
static atomic_uint cell[threads_max];
static atomic_uint flag;
static atomic_int shared[2];
static int plain[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int perform(int t, struct entry e, int* held) {
    switch (e.kind) {
        case step:
            atomic_store(&cell[t], atomic_load_explicit(&cell[t], memory_order_relaxed) + 1);
            return 0;
        case add_step:
            atomic_fetch_add(&cell[t], 1);
            return 0;
        case await_quiet:
            heddle_await_u32(&cell[e.value], HEDDLE_QUIESCENT, 0, "quiet");
            return 0;
        case await_odd:
            heddle_await_u32(&cell[e.value], HEDDLE_EQUAL, 1, "first section");
            return 0;
        case await_more:
            heddle_await_u32(&cell[e.value], HEDDLE_GREATER, 1, "progress");
            return 0;
        case await_flag:
            heddle_await_u32(&flag, HEDDLE_EQUAL, (unsigned)e.value, "flag");
            return 0;
        case set_flag:
            atomic_store(&flag, (unsigned)e.value);
            return 0;
        case lock:
            if (!*held) {
                pthread_mutex_lock(&mutex);
                *held = 1;
            }
            return 0;
        case unlock:
            if (*held) {
                pthread_mutex_unlock(&mutex);
                *held = 0;
            }
            return 0;
        case try_lock:
            if (*held || pthread_mutex_trylock(&mutex) != 0) {
                return 0;
            }
            *held = 1;
            return 1;
        case read:
            return atomic_load(&shared[e.value]);
        case write:
            atomic_store(&shared[e.value], t + 1);
            return 0;
        case read_plain:
            return plain[e.value];
        case write_plain:
            plain[e.value] = t + 1;
            return 0;
        case raise_level:
            return (int)heddle_raise_level((unsigned)e.value);
        case restore_level:
            heddle_restore_level((unsigned)e.value);
            return 0;
        default:
            return 0;
    }
}

static void* run(void* argument) {
    const int t = (int)((const struct entry*)argument - table[0]) / operations_max;
    choose_cpu(t);
    int held = 0;
    for (int i = 0; i < operations_max; ++i) {
        seen[t][i] = perform(t, table[t][i], &held);
    }
    if (held) {
        pthread_mutex_unlock(&mutex);
    }
    return 0;
}

int main(void) {
    pthread_t thread[threads_max];
    for (int i = 0; i < threads; ++i) {
        pthread_create(&thread[i], 0, run, table[i]);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], 0);
    }
    return 0;
}
