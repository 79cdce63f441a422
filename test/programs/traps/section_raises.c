// expect: ok
// The level is raised in one section and put back in another: no interrupt comes in between, and none finds either half done.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int busy;
static atomic_int halves;
static unsigned level;

static void* task(void* unused) {
    heddle_cpu(1);
    heddle_section_begin(&busy, "begin");
    level = heddle_raise_level(6);
    atomic_store(&halves, 1);
    heddle_section_end(&busy);
    atomic_store(&busy, 1);
    atomic_store(&busy, 0);
    heddle_section_begin(&busy, "end");
    atomic_store(&halves, 2);
    heddle_restore_level(level);
    heddle_section_end(&busy);
    return unused;
}

static void* receive(void* unused) {
    heddle_interrupt(1, 6);
#ifdef HEDDLE_SUBJECT
    assert(atomic_load(&busy) == 0);
#endif
    return unused;
}

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], 0, task, 0);
    pthread_create(&thread[1], 0, receive, 0);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    return 0;
}
