/* T interrupts of one level come to a CPU whose host takes N steps besides taking it and giving it up. Each is
   somewhere among those N + 2 and the others: (N + 2 + T)! / (N + 2)! orders.
   -DP_masked: the host raises the level for all of its N steps, so that it is as if it took one.
   -DP_section: the same, and the level is raised and put back inside sections, the first of which is a step besides:
   as if it took two. */
#include <pthread.h>
#include <stdatomic.h>

#include "sim/annotate.h"

atomic_int word;

static void* host(void* unused) {
    heddle_cpu(1);
#ifdef P_section
    heddle_section_begin(&word, "begin");
#endif
#ifndef P_interrupts
    const unsigned level = heddle_raise_level(4);
#endif
#ifdef P_section
    heddle_section_end(&word);
#endif
    for (int i = 0; i < N; ++i) {
        atomic_store(&word, i);
    }
#ifdef P_section
    heddle_section_begin(&word, "end");
#endif
#ifndef P_interrupts
    heddle_restore_level(level);
#endif
#ifdef P_section
    heddle_section_end(&word);
#endif
    return unused;
}

static void* interrupt(void* unused) {
    heddle_interrupt(1, 4);
    atomic_store(&word, -1);
    return unused;
}

int main(void) {
    pthread_t thread[T + 1];
    pthread_create(&thread[0], 0, host, 0);
    for (int i = 1; i <= T; ++i) {
        pthread_create(&thread[i], 0, interrupt, 0);
    }
    for (int i = 0; i <= T; ++i) {
        pthread_join(thread[i], 0);
    }
    return 0;
}
