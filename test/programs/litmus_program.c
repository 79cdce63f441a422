// A litmus program that does what a table says: threads of atomic operations with their memory orders, and
// nothing else that is atomic but mutexes and awaits. What each operation reads is kept in plain memory, one place an operation.
// The table is laid out as litmus_op in test/memory/litmus.h and written before the program starts.
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

enum { threads_max = 4, operations_max = 8, words_max = 3, mutexes_max = 2 };

enum kind { none, load, store, add, exchange, cas, fence, skip, lock, unlock, await };

struct operation {
    int kind;
    int location;
    int order;
    int failure;
    int value;
    int desired;
    int from;
};

struct operation table[threads_max][operations_max];
int threads;
int looks_last;  // whether main loads every word when all threads have ended
int last[words_max];
int got[threads_max][operations_max];  // what was read, and 1; 0: nothing

atomic_int word[words_max];
pthread_mutex_t mutex[mutexes_max];

// Each order stands in a call of its own: compilers know no other than constant ones.
static int do_load(const struct operation* o) {
    atomic_int* p = &word[o->location];
    switch (o->order) {
        case memory_order_relaxed:
            return atomic_load_explicit(p, memory_order_relaxed);
        case memory_order_acquire:
            return atomic_load_explicit(p, memory_order_acquire);
        default:
            return atomic_load_explicit(p, memory_order_seq_cst);
    }
}

static void do_store(const struct operation* o, int value) {
    atomic_int* p = &word[o->location];
    switch (o->order) {
        case memory_order_relaxed:
            atomic_store_explicit(p, value, memory_order_relaxed);
            break;
        case memory_order_release:
            atomic_store_explicit(p, value, memory_order_release);
            break;
        default:
            atomic_store_explicit(p, value, memory_order_seq_cst);
    }
}

static int do_add(const struct operation* o) {
    atomic_int* p = &word[o->location];
    switch (o->order) {
        case memory_order_relaxed:
            return atomic_fetch_add_explicit(p, o->value, memory_order_relaxed);
        case memory_order_acquire:
            return atomic_fetch_add_explicit(p, o->value, memory_order_acquire);
        case memory_order_release:
            return atomic_fetch_add_explicit(p, o->value, memory_order_release);
        case memory_order_acq_rel:
            return atomic_fetch_add_explicit(p, o->value, memory_order_acq_rel);
        default:
            return atomic_fetch_add_explicit(p, o->value, memory_order_seq_cst);
    }
}

static int do_exchange(const struct operation* o) {
    atomic_int* p = &word[o->location];
    switch (o->order) {
        case memory_order_relaxed:
            return atomic_exchange_explicit(p, o->value, memory_order_relaxed);
        case memory_order_acquire:
            return atomic_exchange_explicit(p, o->value, memory_order_acquire);
        case memory_order_release:
            return atomic_exchange_explicit(p, o->value, memory_order_release);
        case memory_order_acq_rel:
            return atomic_exchange_explicit(p, o->value, memory_order_acq_rel);
        default:
            return atomic_exchange_explicit(p, o->value, memory_order_seq_cst);
    }
}

// One call for each pair of orders.
static int do_cas(const struct operation* o) {
    atomic_int* p = &word[o->location];
    int seen = o->value;
    switch (o->order * 8 + o->failure) {
        case memory_order_relaxed * 8 + memory_order_relaxed:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_relaxed,
                                                    memory_order_relaxed);
            break;
        case memory_order_acquire * 8 + memory_order_relaxed:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_acquire,
                                                    memory_order_relaxed);
            break;
        case memory_order_acquire * 8 + memory_order_acquire:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_acquire,
                                                    memory_order_acquire);
            break;
        case memory_order_release * 8 + memory_order_relaxed:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_release,
                                                    memory_order_relaxed);
            break;
        case memory_order_acq_rel * 8 + memory_order_relaxed:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_acq_rel,
                                                    memory_order_relaxed);
            break;
        case memory_order_acq_rel * 8 + memory_order_acquire:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_acq_rel,
                                                    memory_order_acquire);
            break;
        case memory_order_seq_cst * 8 + memory_order_relaxed:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_seq_cst,
                                                    memory_order_relaxed);
            break;
        case memory_order_seq_cst * 8 + memory_order_acquire:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_seq_cst,
                                                    memory_order_acquire);
            break;
        default:
            atomic_compare_exchange_strong_explicit(p, &seen, o->desired, memory_order_seq_cst,
                                                    memory_order_seq_cst);
    }
    return seen;
}

static void do_fence(const struct operation* o) {
    switch (o->order) {
        case memory_order_relaxed:
            atomic_thread_fence(memory_order_relaxed);
            break;
        case memory_order_acquire:
            atomic_thread_fence(memory_order_acquire);
            break;
        case memory_order_release:
            atomic_thread_fence(memory_order_release);
            break;
        case memory_order_acq_rel:
            atomic_thread_fence(memory_order_acq_rel);
            break;
        default:
            atomic_thread_fence(memory_order_seq_cst);
    }
}

static void* run(void* argument) {
    const struct operation* first = argument;
    int* mine = got[(first - table[0]) / operations_max];
    for (int i = 0; i < operations_max; ++i) {
        const struct operation* o = &first[i];
        const int before = o->from >= 0 && mine[o->from] != 0 ? mine[o->from] - 1 : 0;
        switch (o->kind) {
            case load:
                mine[i] = do_load(o) + 1;
                break;
            case store:
                do_store(o, o->value + (o->from >= 0 ? before : 0));
                break;
            case add:
                mine[i] = do_add(o) + 1;
                break;
            case exchange:
                mine[i] = do_exchange(o) + 1;
                break;
            case cas:
                mine[i] = do_cas(o) + 1;
                break;
            case fence:
                do_fence(o);
                break;
            case skip:
                i += before == o->value ? o->desired : 0;
                break;
            case await:
                heddle_await_u32(&word[o->location], HEDDLE_EQUAL, (unsigned)o->value, "it");
                break;
            case lock:
                pthread_mutex_lock(&mutex[o->location - words_max]);
                break;
            case unlock:
                pthread_mutex_unlock(&mutex[o->location - words_max]);
                break;
            default:
                break;
        }
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
    for (int i = 0; looks_last != 0 && i < words_max; ++i) {
        last[i] = atomic_load_explicit(&word[i], memory_order_relaxed);
    }
    return 0;
}
