// expect: ok
// The system call itself, as a lock library of its own would make it.
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_uint word;
static int data;

static long futex(atomic_uint* w, int operation, unsigned value, const struct timespec* limit) {
    return syscall(SYS_futex, w, operation | FUTEX_PRIVATE_FLAG, value, limit, NULL, 0);
}

static void* waiter(void* argument) {
    while (atomic_load(&word) == 0) {
        futex(&word, FUTEX_WAIT, 0, NULL);
    }
    assert(data == 1);
    return argument;
}

int main(void) {
    const struct timespec moment = {0, 1000000};
    assert(futex(&word, FUTEX_WAIT, 5, NULL) == -1 && errno == EAGAIN);
    assert(futex(&word, FUTEX_WAIT, 0, &moment) == -1 && errno == ETIMEDOUT);
    pthread_t thread;
    pthread_create(&thread, NULL, waiter, NULL);
    data = 1;
    atomic_store(&word, 1);
    assert(futex(&word, FUTEX_WAKE, 1, NULL) <= 1);
    pthread_join(thread, NULL);
    return 0;
}
