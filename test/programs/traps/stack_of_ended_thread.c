// expect: finding stack use after return
// What a thread gives back lies on its own stack.
#include <pthread.h>

static void* give(void* argument) {
    int mine = 7;
    int* volatile result = &mine;
    (void)argument;
    pthread_exit(result);
}

int main(void) {
    pthread_t thread;
    void* result;
    pthread_create(&thread, NULL, give, NULL);
    pthread_join(thread, &result);
    return *(int*)result == 7 ? 0 : 1;
}
