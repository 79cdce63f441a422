// Says something on both outputs, reads its input to the end, and fails with the number of its
// arguments: what becomes of a program's outside while it is explored.
#include <pthread.h>
#include <stdio.h>

static int shared;

static void* add(void* unused) {
    __atomic_fetch_add(&shared, 1, __ATOMIC_SEQ_CST);
    return unused;
}

int main(int argc, char** argv) {
    (void)argv;
    pthread_t thread;
    pthread_create(&thread, NULL, add, NULL);
    __atomic_fetch_add(&shared, 1, __ATOMIC_SEQ_CST);
    pthread_join(thread, NULL);
    fputs("talk on stdout\n", stdout);
    fputs("talk on stderr\n", stderr);
    return getchar() == EOF ? argc - 1 : 99;
}
