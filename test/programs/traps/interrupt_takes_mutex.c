// expect: finding deadlock
// An interrupt takes a mutex that its host may hold: it comes while the level of the CPU is low.
#include <pthread.h>

#include "sim/annotate.h"

static pthread_mutex_t queue = PTHREAD_MUTEX_INITIALIZER;
static int packets;

static void* task(void* unused) {
    heddle_cpu(1);
    pthread_mutex_lock(&queue);
    ++packets;
    pthread_mutex_unlock(&queue);
    return unused;
}

static void* receive(void* unused) {
    heddle_interrupt(1, 6);
    pthread_mutex_lock(&queue);
    ++packets;
    pthread_mutex_unlock(&queue);
    return unused;
}

int main(void) {
    pthread_t thread[2];
    heddle_name(&queue, "queue");
    pthread_create(&thread[0], 0, task, 0);
    pthread_create(&thread[1], 0, receive, 0);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    return 0;
}
