/* Executions that end before everybody is done: by a finding, or because they are too long. What the
 * others were about to do, and what they would have done after that, has to be looked at all the same.
 * Choose one with -DP_<name>. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

#if defined(P_after_post)
/* Fails right after what let the other one go on: that one could not have gone first. */
static sem_t ready;
static void* first(void* argument) {
    sem_post(&ready);
    assert(argument != NULL);
    return argument;
}
static void* second(void* argument) {
    sem_wait(&ready);
    return argument;
}
#elif defined(P_after_unlock)
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void* first(void* argument) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    assert(argument != NULL);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return argument;
}
#elif defined(P_behind)
/* Each fails; the second only after the third has been there, and all its steps commute with those of
 * the first. */
atomic_int x, y; /* not static: stores to x that nobody reads would go */
static void* first(void* argument) {
    atomic_store(&x, 1);
    assert(argument != NULL);
    return argument;
}
static void* second(void* argument) {
    atomic_store(&y, 1);
    if (atomic_load(&y) == 2) {
        *(volatile int*)argument = 1;
    }
    return argument;
}
#elif defined(P_not_owner)
/* The second unlocks what the third may hold. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void* first(void* argument) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_unlock(&lock);
    return argument;
}
#elif defined(P_error_check)
/* The same with a mutex that says so; nothing ends. */
static pthread_mutex_t lock;
static void* first(void* argument) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_unlock(&lock);
    return argument;
}
#elif defined(P_spin)
/* The first never gets anywhere while it runs alone. */
static atomic_int flag;
static void* first(void* argument) {
    while (atomic_load(&flag) == 0) {
    }
    return argument;
}
static void* second(void* argument) {
    atomic_store(&flag, 1);
    assert(argument != NULL);
    return argument;
}
#else
#error choose a program
#endif

static void* third(void* argument) {
#if defined(P_behind)
    atomic_store(&y, 2);
#elif defined(P_not_owner) || defined(P_error_check)
    return first(argument);
#endif
    return argument;
}

int main(void) {
#if defined(P_after_post)
    sem_init(&ready, 0, 0);
#elif defined(P_error_check)
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&lock, &kind);
#endif
    pthread_t thread[3];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[1], NULL, second, NULL);
    pthread_create(&thread[2], NULL, third, NULL);
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
