/* Programs whose threads choose CPUs. Choose one with -DP_<name>, its size with -DT= and -DN=. */
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"
#ifndef T
enum { T = 2 };
#endif
#ifndef N
enum { N = 1 };
#endif

#if defined(P_turns)
/* One CPU and one word: each thread does all of its work when it has the CPU. T! */
enum { cpus = 1, words = 1 };
#elif defined(P_pairs)
/* Two CPUs, every other thread on the second, and a word for each: (T/2)!^2 for even T. */
enum { cpus = 2, words = 2 };
#elif defined(P_own)
/* A CPU for each thread, and one word: as without CPUs, (TN)!/(N!)^T. */
enum { cpus = T, words = 1 };
#endif

static atomic_int word[words];

static void* run(void* argument) {
    const unsigned me = (unsigned)(unsigned long)argument;
    heddle_cpu(1 + me % cpus);
    for (int i = 0; i < N; ++i) {
        atomic_fetch_add(&word[me % words], 1);
    }
    return NULL;
}

int main(void) {
    pthread_t thread[T];
    for (unsigned long i = 0; i < T; ++i) {
        pthread_create(&thread[i], NULL, run, (void*)i);
    }
    for (int i = 0; i < T; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
