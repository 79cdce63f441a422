// expect: ok
// Read-write lock, barrier, spin lock, semaphore, the kinds of mutex, detached threads, once.
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static sem_t sem;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int runs, value, spun;

static void run_once(void) {
    ++runs;
}

static void* detached(void* argument) {
    sem_post(argument);
    return NULL;
}

static void* run(void* argument) {
    pthread_once(&once, run_once);
    pthread_rwlock_wrlock(&rwlock);
    ++value;
    pthread_rwlock_unlock(&rwlock);
    pthread_spin_lock(&spin);
    ++spun;
    pthread_spin_unlock(&spin);
    pthread_barrier_wait(&barrier);
    pthread_rwlock_rdlock(&rwlock);
    assert(value == 2);
    pthread_rwlock_unlock(&rwlock);
    return argument;
}

static void mutex_kinds(void) {
    pthread_mutexattr_t attributes;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attributes);
    assert(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_lock(&mutex) == EDEADLK);
    assert(pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == EPERM);
    pthread_mutex_destroy(&mutex);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&mutex, &attributes);
    assert(pthread_mutex_lock(&mutex) == 0 && pthread_mutex_trylock(&mutex) == 0);
    assert(pthread_mutex_unlock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0);
    pthread_mutex_destroy(&mutex);
    pthread_mutexattr_destroy(&attributes);
}

int main(void) {
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    sem_init(&sem, 0, 0);
    mutex_kinds();
    pthread_t thread;
    void* result = NULL;
    pthread_create(&thread, NULL, run, &value);
    run(NULL);
    pthread_join(thread, &result);
    assert(result == &value && runs == 1 && spun == 2);
    pthread_create(&thread, NULL, detached, &sem);
    pthread_detach(thread);
    sem_wait(&sem);
    assert(sem_trywait(&sem) == -1 && errno == EAGAIN);
    sem_destroy(&sem);
    pthread_spin_destroy(&spin);
    pthread_barrier_destroy(&barrier);
    return 0;
}
