// expect: finding endless loop
// Each turn reads memory, but nothing another thread could be waited for.
#include <pthread.h>

int flag;  // not static: of what nobody writes no read is hooked

static void* run(void* argument) {
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
    while (*(volatile int*)&flag == 0) {
    }
    return 0;
}
