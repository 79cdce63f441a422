// A program that does what a table says to one reference counter: takes and puts whose results matter
// only for the last one, updates whose results nobody uses, and looks at the counter. What each thread
// saw is left in `seen`.
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

enum { threads_max = 3, operations_max = 5 };

#include "test/programs/places.h"

enum kind {
    none,
    take,
    put,
    plain_put,  // not announced: its result may be looked at
    add,        // of a statistic
    set_bit,
    read_count,
    read_total,
    raise,    // the flag
    put_if,   // the flag is up
    look_at,  // the data that whoever is last changes
    await_none,
    await_some,
    raise_level,
    restore_level,
};

struct entry {
    int kind;
    int value;
};

struct entry table[threads_max][operations_max];
int threads;
int references;
int seen[threads_max][operations_max];
atomic_int count;
atomic_int total;
static atomic_int flag;
int data;

static int put_one(void) {
    heddle_put(&count, &data);
    if (atomic_fetch_sub_explicit(&count, 1, memory_order_acq_rel) != 1) {
        return 0;
    }
    data = 2;
    return 1;
}

static int perform(struct entry e) {
    switch (e.kind) {
        case take:
            heddle_take(&count, &data);
            atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
            return 0;
        case put:
            return put_one();
        case plain_put:
            return atomic_fetch_sub(&count, 1);
        case add:
            heddle_unused_result(&total);
            atomic_fetch_add(&total, e.value);
            return 0;
        case set_bit:
            heddle_unused_result(&total);
            atomic_fetch_or(&total, e.value << 8);
            return 0;
        case read_count:
            return atomic_load(&count);
        case read_total:
            return atomic_load(&total);
        case raise:
            atomic_store(&flag, 1);
            return 0;
        case put_if:
            return atomic_load(&flag) ? 2 + put_one() : 0;
        case look_at:
            return data;
        case await_none:
            heddle_await_u32(&count, HEDDLE_EQUAL, 0, "nobody");
            return 0;
        case await_some:
            heddle_await_u32(&count, HEDDLE_GREATER, 1, "somebody");
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
    for (int i = 0; i < operations_max; ++i) {
        seen[t][i] = perform(table[t][i]);
    }
    return 0;
}

int main(void) {
    pthread_t thread[threads_max];
    atomic_store(&count, references);
    for (int i = 0; i < threads; ++i) {
        pthread_create(&thread[i], 0, run, table[i]);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], 0);
    }
    return 0;
}
