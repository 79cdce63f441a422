// expect: ok
// Time passes while nothing can run: the sleeper that is due first goes on first, and clocks agree.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long long now_ns(clockid_t clock) {
    struct timespec t;
    assert(clock_gettime(clock, &t) == 0);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void* sleeper(void* argument) {
    const long long before = now_ns(CLOCK_MONOTONIC);
    const struct timespec nap = {0, 20000000};
    assert(nanosleep(&nap, NULL) == 0);
    assert(now_ns(CLOCK_MONOTONIC) - before >= 20000000);
    return argument;
}

int main(void) {
    const long long before = now_ns(CLOCK_MONOTONIC);
    const long long real_before = now_ns(CLOCK_REALTIME);
    pthread_t thread;
    pthread_create(&thread, NULL, sleeper, NULL);
    assert(usleep(2000) == 0);
    pthread_join(thread, NULL);
    assert(now_ns(CLOCK_MONOTONIC) - before >= 20000000);
    assert(now_ns(CLOCK_REALTIME) - real_before >= 20000000);
    struct timeval day;
    assert(gettimeofday(&day, NULL) == 0 && day.tv_sec >= time(NULL) - 1);
    return 0;
}
