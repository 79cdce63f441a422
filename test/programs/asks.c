/* What a program does depends on what it asked the system for. Choose the question with -DP_<name>. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

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
#elif defined(P_syscall)
    syscall(SYS_getrandom, &value, sizeof value, 0);
#elif defined(P_number)
    value = (uint64_t)getpid() * 31 + (uint64_t)gettid() + (uint64_t)syscall(SYS_gettid);
#elif defined(P_pages)       /* fresh pages are zero, and the program's own */
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    uint64_t* pages = mmap(NULL, 10000, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (pages == MAP_FAILED || pages[1200] != 0 || ((uintptr_t)pages & 4095) != 0) {
        abort();
    }
    pages[1200] = (uint64_t)pages >> 12;
    value = pages[1200] * 0x9e3779b97f4a7c15;
    munmap(pages, 10000);
#elif defined(P_library)     /* where the host has put it */
    value = (uint64_t)&fopen * 0x9e3779b97f4a7c15 >> 32;
#elif defined(P_environment) /* the same */
    value = (uint64_t)getenv("PATH") >> 4;
#elif defined(P_file)        /* a file of the host, which is another each time */
    FILE* file = fopen("/dev/urandom", "r");
    if (file == NULL || fread(&value, sizeof value, 1, file) != 1) {
        abort();
    }
    fclose(file);
#elif defined(P_cycles)      /* no function: nobody can stand in between */
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
