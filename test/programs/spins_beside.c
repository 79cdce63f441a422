// `first` spins on a CPU that it shares and gives it up meanwhile: only so can `second`, on the same CPU, see what
// `first` did before and let it go on.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int done_before, flag, seen;

static void* first(void* unused) {
    heddle_cpu(1);
    atomic_store(&done_before, 1);
    while (atomic_load(&flag) == 0) {
    }
    assert(atomic_load(&seen) == 0);
    return unused;
}

static void* second(void* unused) {
    heddle_cpu(1);
    atomic_store(&seen, atomic_load(&done_before));
    atomic_store(&flag, 1);
    return unused;
}

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], 0, first, 0);
    pthread_create(&thread[1], 0, second, 0);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    return 0;
}
