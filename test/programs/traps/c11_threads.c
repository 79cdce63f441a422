// expect: ok
// C11 threads, whose libc versions do not go through the pthread symbols.
#include <assert.h>
#include <threads.h>
#include <time.h>

static mtx_t lock;
static mtx_t timed;
static cnd_t changed;
static tss_t slot;
static once_flag flag = ONCE_FLAG_INIT;
static int state;
static int runs;
static int destroyed;

static void once(void) {
    ++runs;
}
static void destroy(void* value) {
    destroyed += *(int*)value;
}

static int run(void* argument) {
    static int two = 2;
    call_once(&flag, once);
    tss_set(slot, &two);
    mtx_lock(&lock);
    state = *(int*)argument;
    cnd_signal(&changed);
    mtx_unlock(&lock);
    thrd_yield();
    return 5;
}

int main(void) {
    assert(mtx_init(&lock, mtx_plain) == thrd_success);
    assert(mtx_init(&timed, mtx_timed | mtx_recursive) == thrd_success);
    assert(cnd_init(&changed) == thrd_success);
    assert(tss_create(&slot, destroy) == thrd_success);
    int wanted = 3;
    int result = 0;
    thrd_t thread;
    assert(thrd_create(&thread, run, &wanted) == thrd_success);
    call_once(&flag, once);
    mtx_lock(&lock);
    while (state != 3) {
        cnd_wait(&changed, &lock);
    }
    struct timespec limit;
    timespec_get(&limit, TIME_UTC);
    limit.tv_nsec = limit.tv_nsec < 998000000 ? limit.tv_nsec + 1000000 : limit.tv_nsec;
    // Nobody signals: it is the timeout that is asked for.
    // NOLINTNEXTLINE(bugprone-spuriously-wake-up-functions)
    assert(cnd_timedwait(&changed, &lock, &limit) == thrd_timedout);
    mtx_unlock(&lock);
    assert(thrd_join(thread, &result) == thrd_success && result == 5);
    assert(runs == 1 && destroyed == 2 && tss_get(slot) == NULL);
    assert(mtx_timedlock(&timed, &limit) == thrd_success);
    assert(mtx_trylock(&timed) == thrd_success);
    mtx_unlock(&timed);
    mtx_unlock(&timed);
    const struct timespec nap = {0, 1000000};
    assert(thrd_sleep(&nap, NULL) == 0);
    assert(thrd_equal(thrd_current(), thrd_current()));
    mtx_destroy(&lock);
    mtx_destroy(&timed);
    cnd_destroy(&changed);
    tss_delete(slot);
    return 0;
}
