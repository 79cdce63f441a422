// expect: finding sleep where none is allowed
// An interrupt that sleeps.
#include <pthread.h>
#include <time.h>

#include "sim/annotate.h"

static void* receive(void* unused) {
    const struct timespec moment = {0, 1000};
    heddle_interrupt(1, 6);
    nanosleep(&moment, 0);
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, 0, receive, 0);
    pthread_join(thread, 0);
    return 0;
}
