// expect: ok
// errno belongs to the context: what another thread's failed call set is not seen here.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int turns;

static void* other(void* argument) {
    for (int i = 0; i < 3; ++i) {
        errno = 0;
        atomic_fetch_add(&turns, 1);
        assert(errno == 0);
        assert(close(-1) == -1);
        atomic_fetch_add(&turns, 1);
        assert(errno == EBADF);
    }
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    for (int i = 0; i < 3; ++i) {
        errno = ERANGE;
        atomic_fetch_add(&turns, 1);
        assert(errno == ERANGE);
    }
    pthread_join(thread, NULL);
    assert(errno == ERANGE && turns == 9);
    return 0;
}
