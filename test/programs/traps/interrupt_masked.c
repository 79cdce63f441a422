// expect: ok
// The mutex raises the level of the CPU as far as that of the interrupt that takes it: nobody waits for good,
// and what it guards is in order, inside it and by the level alone.
#include <assert.h>
#include <pthread.h>

#include "sim/annotate.h"

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static int packets;
#ifdef HEDDLE_SUBJECT
static int errors;
#endif

static void enter(unsigned* level) {
    *level = heddle_raise_level(6);
    pthread_mutex_lock(&queue);
}

static void leave(unsigned level) {
    pthread_mutex_unlock(&queue);
    heddle_restore_level(level);
}

static void* task(void* unused) {
    unsigned level;
    heddle_cpu(1);
    enter(&level);
    ++packets;
    leave(level);
#ifdef HEDDLE_SUBJECT
    level = heddle_raise_level(6);
    ++errors;
    heddle_restore_level(level);
#endif
    return unused;
}

static void* receive(void* unused) {
    unsigned level;
    heddle_interrupt(1, 6);
    enter(&level);
    ++packets;
    leave(level);
#ifdef HEDDLE_SUBJECT
    ++errors;
#endif
    return unused;
}

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], 0, task, 0);
    pthread_create(&thread[1], 0, receive, 0);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    assert(packets == 2);
    return 0;
}
