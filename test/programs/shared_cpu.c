// Two threads that share a CPU do not preempt each other: a counter that is read and written back in two
// steps loses nothing. With CPUs of their own (-DAPART) it does. -DORDER: either may come first, though
// their first steps do not concern each other.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static atomic_int counter;
static atomic_int left, right;

static void* first(void* cpu) {
    heddle_cpu(*(unsigned*)cpu);
#ifdef ORDER
    (void)atomic_load(&left);
    assert(atomic_load(&counter) == 0);
#else
    atomic_store(&counter, atomic_load(&counter) + 1);
#endif
    return 0;
}

static void* second(void* cpu) {
    heddle_cpu(*(unsigned*)cpu);
#ifdef ORDER
    (void)atomic_load(&right);
    atomic_store(&counter, 2);
#else
    atomic_store(&counter, atomic_load(&counter) + 1);
#endif
    return 0;
}

int main(void) {
#ifdef APART
    unsigned cpus[] = {1, 2};
#else
    unsigned cpus[] = {1, 1};
#endif
    pthread_t thread[2];
    pthread_create(&thread[0], 0, first, &cpus[0]);
    pthread_create(&thread[1], 0, second, &cpus[1]);
    pthread_join(thread[0], 0);
    pthread_join(thread[1], 0);
    assert(counter == 2);
    return 0;
}
