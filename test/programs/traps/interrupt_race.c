// expect: finding data race
// An interrupt may come in the middle of what its host does at a low level, though both are on one CPU.
#include <pthread.h>

#include "sim/annotate.h"

static int packets;

static void* task(void* unused) {
    heddle_cpu(1);
    ++packets;
    return unused;
}

static void* receive(void* unused) {
    heddle_interrupt(1, 6);
    ++packets;
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
