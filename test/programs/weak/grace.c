/* Reading without locks, as with RCU: a reader says that it is inside, takes the object and reads it; who replaces
 * the object waits until nobody is inside, then it is free. READERS read once. A free object has a value that shows
 * it, and is really freed with -DFREE. */
#include "test/programs/weak/weak.h"

#ifndef READERS
#define READERS 1
#endif
#ifndef ENTER_STORE
#define ENTER_STORE relaxed
#endif
#ifndef ENTER_FENCE
#define ENTER_FENCE seq_cst
#endif
#ifndef OBJECT_LOAD
#define OBJECT_LOAD acquire
#endif
#ifndef LEAVE_STORE
#define LEAVE_STORE release
#endif
#ifndef REPLACE_STORE
#define REPLACE_STORE release
#endif
#ifndef GRACE_FENCE
#define GRACE_FENCE seq_cst
#endif
#ifndef INSIDE_LOAD
#define INSIDE_LOAD acquire
#endif

enum { is_free = -1 };

struct object {
    atomic_int value;
};
static struct object* _Atomic current;
static atomic_int inside[READERS];

static struct object* new_object(int value) {
#ifdef FREE
    struct object* o = malloc(sizeof *o);
#else
    static struct object pool[2];
    static int used;
    struct object* o = &pool[used++];
#endif
    STORE(o->value, value, relaxed);
    return o;
}

static void free_object(struct object* o) {
#ifdef FREE
    free(o);
#else
    STORE(o->value, is_free, relaxed);
#endif
}

static void read_current(int me) {
    STORE(inside[me], 1, ENTER_STORE);
    FENCE(ENTER_FENCE);
    const int value = LOAD(LOAD(current, OBJECT_LOAD)->value, relaxed);
    assert(value == 1 || value == 2);
    STORE(inside[me], 0, LEAVE_STORE);
}

static void replace(void) {
    struct object* const old = LOAD(current, relaxed);
    STORE(current, new_object(2), REPLACE_STORE);
    FENCE(GRACE_FENCE);
    for (int i = 0; i < READERS; ++i) {
        while (LOAD(inside[i], INSIDE_LOAD) == 1) {
        }
    }
    free_object(old);
}

static void body(int me) {
    if (me < READERS) {
        read_current(me);
    } else {
        replace();
    }
}

int main(void) {
    STORE(current, new_object(1), relaxed);
    run_threads(READERS + 1, body);
    assert(LOAD(current, relaxed)->value == 2);
    return 0;
}
