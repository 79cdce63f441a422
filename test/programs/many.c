/* More threads than there are contexts. */
#include <pthread.h>
#include <stddef.h>

static void* nothing(void* argument) {
    return argument;
}

int main(void) {
    pthread_t thread[70];
    for (int i = 0; i < 70; ++i) {
        if (pthread_create(&thread[i], NULL, nothing, NULL) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < 70; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
