// expect: finding data race
// A plain access of 16 bytes; the reader touches its last four only.
#include <pthread.h>

static __int128 shared;

static void* writer(void* argument) {
    shared = ((__int128)1 << 96) + 5;
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    const int top = ((const int*)&shared)[3];
    pthread_join(thread, NULL);
    return top == 0 || top == 1 ? 0 : 1;
}
