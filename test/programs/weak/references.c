/* Reference counts. Choose one with -DP_<name>:
 *   P_last    as in Boost: who drops the last reference sees what all others did with the object, and frees it
 *   P_unique  as Arc::get_mut of Rust: who finds itself the only owner may write
 * OWNERS have a reference each; with -DCLONES each takes and drops another one first. The object is really freed
 * with -DFREE. */
#include "test/programs/weak/weak.h"

#ifndef OWNERS
#define OWNERS 2
#endif
#ifndef TAKE
#define TAKE relaxed
#endif
#ifndef DROP
#define DROP release
#endif
#ifndef LAST_FENCE
#define LAST_FENCE acquire
#endif
#ifndef UNIQUE_LOAD
#define UNIQUE_LOAD acquire
#endif

static struct object {
    atomic_int count;
    handed touched[OWNERS];
} * object;

static struct object* new_object(void) {
#ifdef FREE
    return calloc(1, sizeof(struct object));
#else
    static struct object only;
    return &only;
#endif
}

static void free_object(struct object* o) {
#ifdef FREE
    free(o);
#else
    (void)o;
#endif
}

static void see_all(struct object* o, int owners) {
    for (int i = 0; i < owners; ++i) {
        JUDGE(GET(o->touched[i]) == 1);
    }
}

static void drop(struct object* o) {
    if (SUB(o->count, 1, DROP) == 1) {
        FENCE(LAST_FENCE);
        see_all(o, OWNERS);
        free_object(o);
    }
}

#if defined(P_last)
static void body(int me) {
    struct object* const o = object;
#ifdef CLONES
    ADD(o->count, 1, TAKE);
    drop(o);
#endif
    PUT(o->touched[me], 1);
    drop(o);
}
#elif defined(P_unique)
static void body(int me) {
    struct object* const o = object;
    if (me != 0) {
        PUT(o->touched[me], 1);
        drop(o);
    } else if (LOAD(o->count, UNIQUE_LOAD) == 1) {
        PUT(o->touched[0], 1);
        see_all(o, OWNERS);
        PUT(o->touched[1], 2);
    }
}
#else
#error choose one
#endif

int main(void) {
    object = new_object();
    STORE(object->count, OWNERS, relaxed);
    run_threads(OWNERS, body);
    return 0;
}
