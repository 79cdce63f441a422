/* A service that counts the seconds for ever, beside a thread that waits:
 *   stuck         for what never comes
 *   comes         for the twentieth second
 *   late          for one that lies further away than services alone let time pass
 *   steps         for the sixtieth three times: it takes a step after each
 *   housekeeping  for what never comes, and the service has said that nobody waits for it
 *   on_the_way    by itself for ten seconds; the service comes by every three */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#include "sim/annotate.h"

#if defined P_comes
enum { wanted = 20, rounds = 1 };
#elif defined P_late
enum { wanted = 150, rounds = 1 };
#elif defined P_steps
enum { wanted = 60, rounds = 3 };
#else
enum { wanted = 1000000, rounds = 1 };
#endif
#if defined P_housekeeping || defined P_on_the_way
enum { housekeeping = 1 };
#else
enum { housekeeping = 0 };
#endif

static _Atomic uint32_t came[3];
static atomic_int ticks;

static void* service(void* unused) {
    heddle_context("clock", 1);
    const struct timespec period = {housekeeping ? 3 : 1, 0};
    for (int n = 1;; ++n) {
        if (housekeeping) {
            heddle_housekeeping();
        }
        nanosleep(&period, 0);
        atomic_store(&ticks, n);
        if (n % wanted == 0 && n / wanted <= rounds) {
            atomic_store(&came[n / wanted - 1], 1);
        }
#ifdef P_housekeeping
        assert(!"time passed for nobody");
#endif
    }
    return unused;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, 0, service, 0);
#ifdef P_on_the_way
    const struct timespec rest = {10, 0};
    nanosleep(&rest, 0);
    assert(atomic_load(&ticks) == 3);
#else
    for (int round = 0; round < rounds; ++round) {
        heddle_await_u32(&came[round], HEDDLE_EQUAL, 1, "tick");
    }
#endif
    return 0;
}
