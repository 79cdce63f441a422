/* Two threads add to a cell each round; which one depends on a count that the host keeps: the offset of
 * a file goes on from execution to execution, and no snapshot has it. So the same choices lead to
 * different operations, and nothing that was found out about one execution holds for the next. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum { threads = 2, rounds = 3 };

static int file;
static atomic_int cell[2];

/* Once for all executions: this runs when the subject is loaded. */
__attribute__((constructor)) static void make_file(void) {
    file = memfd_create("count", 0);
}

static void* run(void* argument) {
    for (int i = 0; i < rounds; ++i) {
        atomic_fetch_add(&cell[lseek(file, 1, SEEK_CUR) % 2], 1);
    }
    return argument;
}

int main(void) {
    pthread_t thread[threads];
    for (int i = 0; i < threads; ++i) {
        pthread_create(&thread[i], NULL, run, NULL);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
