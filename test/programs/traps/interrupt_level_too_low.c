// expect: finding deadlock
// The mutex raises the level of the CPU, but not as far as that of the interrupt that takes it.
#include <pthread.h>

#include "sim/annotate.h"

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;

static void* task(void* unused) {
    heddle_cpu(1);
    const unsigned level = heddle_raise_level(5);
    pthread_mutex_lock(&queue);
    pthread_mutex_unlock(&queue);
    heddle_restore_level(level);
    return unused;
}

static void* receive(void* unused) {
    heddle_interrupt(1, 6);
    pthread_mutex_lock(&queue);
    pthread_mutex_unlock(&queue);
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
