// expect: finding data race
// Both hold a lock, each another one.
#include <pthread.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t entry_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static void add(pthread_mutex_t* lock) {
    pthread_mutex_lock(lock);
    ++entries;
    pthread_mutex_unlock(lock);
}

static void* adder(void* argument) {
    add(&entry_lock);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, adder, NULL);
    add(&table_lock);
    pthread_join(thread, NULL);
    return 0;
}
