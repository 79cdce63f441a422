// expect: finding deadlock
// Two threads read under a shared lock and, where they want to write, wait for the other readers to leave
// without leaving themselves. The bug: both do.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static int readers;
static int value;

static void* increment(void* unused) {
    for (int i = 0; i < 2; ++i) {
        pthread_mutex_lock(&lock);
        ++readers;
        pthread_mutex_unlock(&lock);
        pthread_mutex_lock(&lock);
        while (readers > 1) {
            pthread_cond_wait(&left, &lock);
        }
        ++value;
        --readers;
        pthread_cond_signal(&left);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void) {
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) {
        pthread_create(&threads[i], NULL, increment, NULL);
    }
    for (int i = 0; i < 2; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
