// References to a counted object: each P_ breaks one rule of `sim/check/ledger.h`; with -DNEAR it is kept.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "sim/annotate.h"

struct counted {
    atomic_uint references;
};

static struct counted first = {1};
static struct counted second = {1};

static void take(struct counted* object) {
    heddle_take(&object->references, object);
    atomic_fetch_add(&object->references, 1);
}

static unsigned put(struct counted* object) {
    heddle_put(&object->references, object);
    return atomic_fetch_sub(&object->references, 1) - 1;
}

static atomic_int fast;
static atomic_uint started;

#if defined(P_twice)

// The error path puts what its caller puts as well.
static void check(struct counted* object) {
#ifdef NEAR
    take(object);
#endif
    put(object);
}

static void* other(void* unused) {
    (void)unused;
    take(&first);
    if (atomic_load(&fast) == 0) {
        check(&first);
    }
    put(&first);
    return NULL;
}

static void work(void) {
    atomic_store(&fast, 1);
}

static void finish(void) {
    put(&first);
}

#elif defined(P_zero)

// Found in a table that it is still in although its last reference is gone.
static void* other(void* unused) {
    (void)unused;
#ifdef NEAR
    if (atomic_load(&first.references) == 0) {
        return NULL;
    }
    // The one that it was made with is not put before this thread has ended.
#endif
    take(&first);
    put(&first);
    return NULL;
}

static void work(void) {
#ifndef NEAR
    put(&first);
#endif
}

static void finish(void) {}

#elif defined(P_wrong)

// Two pointers, and the wrong one.
static void* other(void* unused) {
    (void)unused;
    take(&first);
    take(&second);
    put(&second);
#ifdef NEAR
    put(&first);
#else
    put(&second);
#endif
    return NULL;
}

static void work(void) {}

static void finish(void) {
    put(&first);
    put(&second);
}

#elif defined(P_wait)

// Who destroys the object waits for the references of others, and one way out forgets to put its own.
static void forward(void) {
    take(&first);
    atomic_store(&started, 1);
    if (atomic_load(&fast) != 0) {
#ifdef NEAR
        put(&first);
#endif
        return;
    }
    put(&first);
}

static void* other(void* unused) {
    (void)unused;
    forward();
    return NULL;
}

static void work(void) {
    heddle_await_u32(&started, HEDDLE_EQUAL, 1, "the packet");
    atomic_store(&fast, 1);
    put(&first);
    heddle_await_u32(&first.references, HEDDLE_EQUAL, 0, "first to become free");
}

static void finish(void) {}

#elif defined(P_handed)

// Two take a reference each; one hands it over and the other forgets one of the two that it has then. Which of them
// it has put nobody can say: all are told.
static void* other(void* unused) {
    (void)unused;
    take(&first);
    atomic_store(&started, 1);
    return NULL;
}

static void* third(void* unused) {
    (void)unused;
    take(&first);
    atomic_store(&fast, 1);
    return NULL;
}

static void work(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, third, NULL);
    heddle_await_u32(&started, HEDDLE_EQUAL, 1, "the reference");
    heddle_await_u32(&fast, HEDDLE_EQUAL, 1, "the other reference");
    put(&first);
    put(&first);
#ifdef NEAR
    put(&first);
#endif
    heddle_await_u32(&first.references, HEDDLE_EQUAL, 0, "first to become free");
    pthread_join(thread, NULL);
}

static void finish(void) {}

#elif defined(P_leak)

struct session {
    atomic_uint references;
    int data;
};

static void session_put(struct session* s) {
    heddle_put(&s->references, s);
    if (atomic_fetch_sub(&s->references, 1) == 1) {
        free(s);
    }
}

static void session_take(struct session* s) {
    heddle_take(&s->references, s);
    atomic_fetch_add(&s->references, 1);
}

static struct session* table;

static void use(void) {
    session_take(table);
#ifndef NEAR
    if (atomic_load(&fast) != 0) {
        return;
    }
#endif
    session_put(table);
}

static void* other(void* unused) {
    (void)unused;
    use();
    return NULL;
}

static void work(void) {
    atomic_store(&fast, 1);
}

static void finish(void) {
    session_put(table);
    table = NULL;
}

#endif

int main(void) {
    (void)first, (void)second, (void)take, (void)put, (void)fast, (void)started;
#ifdef P_leak
    table = malloc(sizeof *table);
    atomic_init(&table->references, 1);
#endif
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    work();
    pthread_join(thread, NULL);
    finish();
    return 0;
}
