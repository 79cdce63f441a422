/* The first sleeps while it holds the lock: time passes while the second waits for it. Had the second come
   first, it would have seen too little. */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void* first(void* argument) {
    pthread_mutex_lock(&lock);
    usleep(100);
    done = 1;
    pthread_mutex_unlock(&lock);
    return argument;
}

static void* second(void* argument) {
    pthread_mutex_lock(&lock);
    const int seen = done;
    pthread_mutex_unlock(&lock);
    assert(seen == 1);
    return argument;
}

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[1], NULL, second, NULL);
    for (int i = 0; i < 2; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
