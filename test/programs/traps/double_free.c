// expect: finding double free
// Two who both think that they are the last.
#include <pthread.h>
#include <stdlib.h>

static int* shared;

static void drop(void) {
    free(shared);
}

static void* dropper(void* argument) {
    drop();
    return argument;
}

int main(void) {
    pthread_t thread;
    shared = malloc(16);
    pthread_create(&thread, NULL, dropper, NULL);
    pthread_join(thread, NULL);
    drop();
    return 0;
}
