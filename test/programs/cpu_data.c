// Plain data of a CPU: threads bound to it update it with no lock, and nothing comes between the reading and
// the writing back though there is a step. -DAPART: each has a CPU of its own, a data race. -DLATER: a third
// thread comes to the CPU and sees what the first has left there, though the second did not touch it.
// -DMOVED: the first touches the data after it has moved to another CPU, a data race. -DLEFT: before it moves.
// -DIN_TURN: the second is made when the first may have ended.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

static int data;
static atomic_int step, turn;

static void update(void) {
    int was = data;
    atomic_fetch_add(&step, 1);
    data = was + 1;
}

static void* first(void* unused) {
    heddle_cpu(1);
#ifdef MOVED
    heddle_cpu(3);
#endif
    update();
#ifdef LEFT
    heddle_cpu(3);
    atomic_fetch_add(&step, 1);
#endif
#ifdef LATER
    atomic_store_explicit(&turn, 1, memory_order_relaxed);
#endif
    return unused;
}

static void* second(void* unused) {
#ifdef APART
    heddle_cpu(2);
#else
    heddle_cpu(1);
#endif
#ifdef LATER
    heddle_await_u32(&turn, HEDDLE_EQUAL, 1, "the first");
    atomic_store_explicit(&turn, 2, memory_order_relaxed);
#else
    update();
#endif
    return unused;
}

#ifdef LATER
static void* third(void* unused) {
    heddle_cpu(1);
    if (atomic_load_explicit(&turn, memory_order_relaxed) == 2) {
        update();
    }
    return unused;
}
#endif

int main(void) {
    pthread_t thread[3];
    int n = 0;
    pthread_create(&thread[n++], 0, first, 0);
#ifdef IN_TURN
    atomic_fetch_add_explicit(&step, 1, memory_order_relaxed);
#endif
    pthread_create(&thread[n++], 0, second, 0);
#ifdef LATER
    pthread_create(&thread[n++], 0, third, 0);
#endif
    while (n > 0) {
        pthread_join(thread[--n], 0);
    }
#ifdef LATER
    assert(data >= 1);
#else
    assert(data == 2);
#endif
    return 0;
}
