// Waits of every kind with a time limit, against somebody who holds what they want for a while and looks at the clock.
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

static sem_t posted;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int taken;
static atomic_long seconds;

static void* take(void* unused) {
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 2;
    if (pthread_mutex_timedlock(&mutex, &limit) == 0) {
        atomic_fetch_add(&taken, 1);
        pthread_mutex_unlock(&mutex);
    }
    if (pthread_rwlock_timedwrlock(&lock, &limit) == 0) {
        atomic_fetch_add(&taken, 1);
        pthread_rwlock_unlock(&lock);
    }
    if (sem_timedwait(&posted, &limit) == 0) {
        atomic_fetch_add(&taken, 1);
    }
    return unused;
}

static void* hold(void* unused) {
    const struct timespec rest = {1, 0};
    pthread_mutex_lock(&mutex);
    pthread_rwlock_rdlock(&lock);
    nanosleep(&rest, 0);
    pthread_rwlock_unlock(&lock);
    pthread_mutex_unlock(&mutex);
    sem_post(&posted);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    atomic_store(&seconds, now.tv_sec);
    return unused;
}

int main(void) {
    pthread_t one;
    pthread_t two;
    sem_init(&posted, 0, 0);
    pthread_create(&one, 0, take, 0);
    pthread_create(&two, 0, hold, 0);
    pthread_join(one, 0);
    pthread_join(two, 0);
    return 0;
}
