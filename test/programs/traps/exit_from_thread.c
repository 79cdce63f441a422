// expect: ok
// A thread ends the program with exit(0) while main waits for ever.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int at_exit_ran;

static void at_exit(void) {
    at_exit_ran = 1;
}

static void* leave(void* argument) {
    (void)argument;
    atexit(at_exit);
    exit(0);
}

int main(void) {
    pthread_t thread;
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    assert(at_exit_ran == 0);
    pthread_create(&thread, NULL, leave, NULL);
    pthread_mutex_lock(&lock);
    for (;;) {
        pthread_cond_wait(&never, &lock);
    }
}
