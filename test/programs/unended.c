/* Programs that do not end, each by another kind of loop. Choose one with -DP_<name>. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
atomic_int tries;
volatile int word;

#if defined(P_tries) /* who tries for a lock counts; who has it waits for what comes after */
atomic_int done;
static void take(void) {
    while (pthread_mutex_trylock(&lock) != 0) {
        atomic_fetch_add(&tries, 1);
    }
}
static void* first(void* argument) {
    take();
    pthread_mutex_unlock(&lock);
    atomic_store(&done, 1);
    return argument;
}
static void* second(void* argument) {
    pthread_mutex_lock(&lock);
    for (int i = 0; atomic_load(&done) == 0; ++i) {
        atomic_store(&tries, i);
    }
    pthread_mutex_unlock(&lock);
    return argument;
}
#elif defined(P_reads)    /* looks at what nobody may change at the same time */
static int is_zero(void) {
    return word == 0;
}
static void* first(void* argument) {
    while (is_zero()) {
        for (int i = 0; i < 2; ++i) {
            (void)word;
        }
    }
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#elif defined(P_computes) /* nothing that anybody else could notice */
static unsigned next(unsigned x) {
    return x * 5 + 1;
}
static void* first(void* argument) {
    unsigned x = (unsigned)word;
    do {
        x = next(x);
        x |= 2;
    } while (x != 0);
    return argument;
}
static void* second(void* argument) {
    return argument;
}
#else
#error choose a program
#endif

int main(void) {
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[1], NULL, second, NULL);
    for (int i = 0; i < 2; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
