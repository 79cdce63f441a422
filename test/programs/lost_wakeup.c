/* A waiter sleeps until a flag is set. PROTECTED: it looks at the flag under the lock, so that the wake
 * cannot come between its look and its sleep. Without, it can, and the waiter sleeps for good. */
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static atomic_int flag;

static void* waiter(void* argument) {
#ifdef PROTECTED
    pthread_mutex_lock(&lock);
    while (atomic_load(&flag) == 0) {
        pthread_cond_wait(&wake, &lock);
    }
    pthread_mutex_unlock(&lock);
#else
    if (atomic_load(&flag) == 0) {
        pthread_mutex_lock(&lock);
        pthread_cond_wait(&wake, &lock);
        pthread_mutex_unlock(&lock);
    }
#endif
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, waiter, NULL);
    pthread_mutex_lock(&lock);
    atomic_store(&flag, 1);
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    return 0;
}
