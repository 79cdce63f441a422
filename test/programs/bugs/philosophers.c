// expect: finding deadlock
// Four philosophers, each of whom takes the fork to the left and then the one to the right. The bug: all
// have taken the left one. Dijkstra 1971.
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { philosophers = 4, meals = 2 };

static pthread_mutex_t forks[philosophers];

static void* philosopher(void* argument) {
    const int me = (int)(intptr_t)argument;
    for (int i = 0; i < meals; ++i) {
        pthread_mutex_lock(&forks[me]);
        pthread_mutex_lock(&forks[(me + 1) % philosophers]);
        pthread_mutex_unlock(&forks[(me + 1) % philosophers]);
        pthread_mutex_unlock(&forks[me]);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[philosophers];
    for (int i = 0; i < philosophers; ++i) {
        pthread_mutex_init(&forks[i], NULL);
    }
    for (intptr_t i = 0; i < philosophers; ++i) {
        pthread_create(&threads[i], NULL, philosopher, (void*)i);
    }
    for (int i = 0; i < philosophers; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
