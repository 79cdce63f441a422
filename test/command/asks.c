// A program with a choice of its own, and a failure that needs it: the third alternative, after the
// thread was there.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int there;

static void* arrive(void* unused) {
    atomic_store(&there, 1);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, 0, arrive, 0);
    const unsigned way = heddle_choose(3);
    assert(way != 2 || atomic_load(&there) == 0);
    pthread_join(thread, 0);
    return 0;
}
