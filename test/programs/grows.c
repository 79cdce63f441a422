// Two threads use one word ROUNDS times each: an execution grows with the rounds, and so does what each step could
// have been otherwise. What is done in a round is the first argument, how many rounds the second.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_int word;
static int updates;
static int rounds;

static void* run(void* unused) {
    for (int i = 0; i < rounds; ++i) {
        if (updates != 0) {
            atomic_fetch_add(&word, 1);
        } else {
            atomic_store(&word, atomic_load(&word) + 1);
        }
    }
    return unused;
}

int main(int argc, char** argv) {
    if (argc != 3) {
        return 1;
    }
    updates = strcmp(argv[1], "updates") == 0;
    rounds = atoi(argv[2]);
    pthread_t thread[2];
    for (int i = 0; i < 2; ++i) {
        pthread_create(&thread[i], NULL, run, NULL);
    }
    for (int i = 0; i < 2; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
