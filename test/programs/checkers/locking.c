// Mutexes in wrong hands. -DNEAR: the mutex counts how often it is taken; who has taken it gives it up.
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t lock;

#ifdef P_recursive
static void account(void) {
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
}

static void* transfer(void* unused) {
    pthread_mutex_lock(&lock);
    account();
    pthread_mutex_unlock(&lock);
    return unused;
}
#endif

#ifdef P_unlock
static void* transfer(void* unused) {
#ifdef NEAR
    pthread_mutex_lock(&lock);
#endif
    pthread_mutex_unlock(&lock);
    return unused;
}
#endif

int main(void) {
    pthread_mutexattr_t kind;
    pthread_mutexattr_init(&kind);
#ifdef NEAR
    pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
#endif
    pthread_mutex_init(&lock, &kind);
    pthread_t other;
    pthread_create(&other, 0, transfer, 0);
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    pthread_join(other, 0);
    return 0;
}
