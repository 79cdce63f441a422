// expect: finding unsupported
// A section raises the level and then waits for a mutex that another has: a section must not wait.
#include <pthread.h>

#include "sim/annotate.h"

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static int wheel;

static void* task(void* unused) {
    heddle_cpu(1);
    heddle_section_begin(&wheel, "wheel");
    const unsigned level = heddle_raise_level(6);
    pthread_mutex_lock(&queue);
    pthread_mutex_unlock(&queue);
    heddle_restore_level(level);
    heddle_section_end(&wheel);
    return unused;
}

static void* receive(void* unused) {
    heddle_interrupt(1, 6);
    return unused;
}

int main(void) {
    pthread_t thread[2];
    pthread_mutex_lock(&queue);
    pthread_create(&thread[0], 0, task, 0);
    pthread_create(&thread[1], 0, receive, 0);
    pthread_join(thread[1], 0);
#ifndef HEDDLE_SUBJECT
    pthread_mutex_unlock(&queue);  // else it would wait for good
#endif
    pthread_join(thread[0], 0);
    return 0;
}
