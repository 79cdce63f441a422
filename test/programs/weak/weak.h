// weak.h - what the programs of this folder share: orders by their names, data that is handed over, threads.
// Source:  ours; each program is one file, whose macros say a memory order each.
// Shapes:  -DNAME=release weakens one order; -DPLAIN: what is handed over is plain, so that one without
//          order is a data race and not an old value.
// Locks:   none.
// Errors:  none.
#ifndef HEDDLE_TEST_WEAK_H
#define HEDDLE_TEST_WEAK_H

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

// A fence that is `relaxed` is none.
#define ORDER(name) ORDER_OF(name)
#define ORDER_OF(name) memory_order_##name

#define LOAD(x, order) atomic_load_explicit(&(x), ORDER(order))
#define STORE(x, v, order) atomic_store_explicit(&(x), (v), ORDER(order))
#define EXCHANGE(x, v, order) atomic_exchange_explicit(&(x), (v), ORDER(order))
#define ADD(x, v, order) atomic_fetch_add_explicit(&(x), (v), ORDER(order))
#define SUB(x, v, order) atomic_fetch_sub_explicit(&(x), (v), ORDER(order))
#define CAS(x, expected, v, order, otherwise) \
    atomic_compare_exchange_strong_explicit(&(x), (expected), (v), ORDER(order), ORDER(otherwise))
#define FENCE(order) atomic_thread_fence(ORDER(order))

// A compiler makes a store of an exchange whose result is not looked at, if its order lets it (clang does).
#define LOOKED_AT(value) __asm__ volatile("" : : "r"((int)(value)))

// What is handed over. What a plain one holds after a race is nobody's promise, so it is looked at and
// not judged.
#ifdef PLAIN
typedef int handed;
#define GET(x) (x)
#define PUT(x, v) ((x) = (v))
#define JUDGE(holds) LOOKED_AT(holds)
#else
typedef atomic_int handed;
#define GET(x) LOAD(x, relaxed)
#define PUT(x, v) STORE(x, v, relaxed)
#define JUDGE assert
#endif

static void (*body_of_threads)(int me);

static void* run_body(void* me) {
    body_of_threads((int)(long)me);
    return NULL;
}

// body(0), body(1), ... at once; returns when all have ended.
static void run_threads(int n, void (*body)(int me)) {
    pthread_t threads[8];
    body_of_threads = body;
    for (long i = 0; i < n; ++i) {
        pthread_create(&threads[i], NULL, run_body, (void*)i);
    }
    for (int i = 0; i < n; ++i) {
        pthread_join(threads[i], NULL);
    }
}

#endif
