/* Two threads announce themselves, each in a store buffer, and look for the other: under sequential consistency one of
 * them sees the other. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int announced[2];
static int seen[2];

static void* announce(void* number) {
    const long me = (long)number;
    atomic_store_explicit(&announced[me], 1, memory_order_release);
    seen[me] = atomic_load_explicit(&announced[1 - me], memory_order_acquire);
    return 0;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, announce, (void*)1);
    announce((void*)0);
    pthread_join(other, 0);
    assert(seen[0] + seen[1] != 0);
    return 0;
}
