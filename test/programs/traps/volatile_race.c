// expect: finding data race
// volatile is no synchronisation.
#include <pthread.h>

static volatile int ready;

static void* writer(void* argument) {
    ready = 1;
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    const int seen = ready;
    pthread_join(thread, NULL);
    return seen > 1;
}
