// expect: finding deadlock
// A buffer for one item with two producers and two consumers, who all wait on one condition variable. The
// bug: who changes the buffer wakes one waiter, and that may be one of its own kind, who goes back to
// sleep; the wake is lost and everybody sleeps.
#include <pthread.h>
#include <stddef.h>

enum { capacity = 1, each = 1, pairs = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int filled;

static void* producer(void* unused) {
    for (int i = 0; i < each; ++i) {
        pthread_mutex_lock(&lock);
        while (filled == capacity) {
            pthread_cond_wait(&changed, &lock);
        }
        ++filled;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void* consumer(void* unused) {
    for (int i = 0; i < each; ++i) {
        pthread_mutex_lock(&lock);
        while (filled == 0) {
            pthread_cond_wait(&changed, &lock);
        }
        --filled;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void) {
    pthread_t threads[2 * pairs];
    for (int i = 0; i < 2 * pairs; ++i) {
        pthread_create(&threads[i], NULL, i < pairs ? consumer : producer, NULL);
    }
    for (int i = 0; i < 2 * pairs; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
