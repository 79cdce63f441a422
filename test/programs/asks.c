/* What a program does depends on what it asked the system for. Choose the question with -DP_<name>. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>

static uint64_t asked(void) {
    uint64_t value = 0;
#if defined(P_getrandom)
    getrandom(&value, sizeof value, 0);
#elif defined(P_getentropy)
    getentropy(&value, sizeof value);
#elif defined(P_rand)
    srand((unsigned)time(NULL));
    value = (uint64_t)rand();
#elif defined(P_clock)
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    value = (uint64_t)now.tv_nsec ^ (uint64_t)now.tv_sec;
#elif defined(P_time)
    struct timeval now;
    gettimeofday(&now, NULL);
    value = (uint64_t)now.tv_usec ^ (uint64_t)time(NULL);
#elif defined(P_heap)
    void* block = malloc(40);
    value = (uint64_t)block >> 4;
    free(block);
#elif defined(P_cycles) /* no function: nobody can stand in between */
    value = __builtin_ia32_rdtsc() >> 3;
#else
#error choose a question
#endif
    return value;
}

static atomic_int zero, one;

static void* act(void* argument) {
    const uint64_t value = asked();
    for (int i = 0; i < 4; ++i) {
        atomic_fetch_add((value >> i & 1) != 0 ? &one : &zero, 1);
        atomic_exchange((value >> i & 1) != 0 ? &one : &zero, i);
    }
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, act, NULL);
    act(NULL);
    pthread_join(thread, NULL);
    return 0;
}
