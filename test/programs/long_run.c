// A failure that needs a known number of preemptions, in a run as long as TURNS makes it. SIGHTS=1 is a lost
// update: one. With more, the reader must see the word as 0, 1, 0, ... in one turn, SIGHTS times. Each
// change in between takes the reader a preemption, and the writer one unless it may go on to its end, where
// it leaves 0 behind: two for 0, 1; three for 0, 1, 0; six for 0, 1, 0, 1. A bystander makes the run longer
// and has nothing to do with it. TWO_BUGS: both failures; the lost update needs fewer and shows last.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int word;
static atomic_int count;
static atomic_int aside;
static int seen;

static void add(void) {
    const int old = atomic_load(&count);
    atomic_store(&count, old + 1);
}

static void* writer(void* unused) {
    (void)unused;
    for (int i = 0; i < TURNS; ++i) {
#if SIGHTS == 1 || defined(TWO_BUGS)
        add();
#endif
#if SIGHTS > 1
        atomic_store(&word, 1);
        atomic_store(&word, 0);
#endif
    }
    return 0;
}

static void* reader(void* unused) {
    (void)unused;
    for (int i = 0; i < TURNS; ++i) {
#if SIGHTS == 1 || defined(TWO_BUGS)
        add();
#endif
#if SIGHTS > 1
        int as_wanted = 1;
        for (int k = 0; k < SIGHTS; ++k) {
            as_wanted &= atomic_load(&word) == (k & 1);
        }
        seen |= as_wanted;
#endif
    }
    return 0;
}

static void* bystander(void* unused) {
    (void)unused;
    for (int i = 0; i < TURNS; ++i) {
        atomic_fetch_add(&aside, 1);
    }
    return 0;
}

int main(void) {
    pthread_t t[3];
    pthread_create(&t[0], 0, bystander, 0);
    pthread_create(&t[1], 0, reader, 0);
    pthread_create(&t[2], 0, writer, 0);
    for (int i = 0; i < 3; ++i) {
        pthread_join(t[i], 0);
    }
    assert(!seen);
#if SIGHTS == 1 || defined(TWO_BUGS)
    assert(atomic_load(&count) == 2 * TURNS);
#endif
    return 0;
}
