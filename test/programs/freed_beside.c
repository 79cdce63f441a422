/* What frees is no operation, and nothing orders it before the use: the step that frees is none of those that
 * happen before the step that uses. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int mine;
static atomic_int yours;
static int* shared;

static void* user(void* p) {
    pthread_mutex_lock(&mutex);
    atomic_load(&mine);
    *shared = 1;
    pthread_mutex_unlock(&mutex);
    return p;
}

static void* owner(void* p) {
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    atomic_load(&yours);
    free(shared);
    return p;
}

int main(void) {
    pthread_t a;
    pthread_t b;
    shared = malloc(sizeof *shared);
    pthread_create(&a, NULL, user, NULL);
    pthread_create(&b, NULL, owner, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    return 0;
}
