// `first` waits for a mutex and gives its CPU up; when the mutex is free again `second`, on the same CPU, may
// still come before it: it sees the flag that is set after the unlocking, and `first` not finished.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
enum { begun = 1, unlocked = 2, finished = 4 };
static atomic_int state;

static void* first(void* unused) {
    heddle_cpu(1);
    atomic_fetch_or(&state, begun);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    atomic_fetch_or(&state, finished);
    return unused;
}

static void* second(void* unused) {
    heddle_cpu(1);
    assert(atomic_load(&state) != (begun | unlocked));
    return unused;
}

int main(void) {
    pthread_t thread[2];
    heddle_cpu(2);
    pthread_mutex_lock(&mutex);
    pthread_create(&thread[0], 0, first, 0);
    pthread_create(&thread[1], 0, second, 0);
    pthread_mutex_unlock(&mutex);
    atomic_fetch_or(&state, unlocked);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    return 0;
}
