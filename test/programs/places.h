// places.h - on which CPU each thread of a program runs that does what a table says, and whether it is an interrupt there.
// Source:  ours; included once by each of these programs, which says what threads_max is.
// Shapes:  written before the program starts, as the table is; all 0: each thread has a CPU of its own.
// Locks:   none.
// Errors:  none.
#ifndef HEDDLE_TEST_PLACES_H
#define HEDDLE_TEST_PLACES_H

#include "sim/annotate.h"

int cpu_of[threads_max];    // 0: one of its own
int level_of[threads_max];  // of an interrupt; 0: none

// What a thread does first of all.
static void choose_cpu(long thread) {
    if (level_of[thread] != 0) {
        heddle_interrupt((unsigned)cpu_of[thread], (unsigned)level_of[thread]);
    } else if (cpu_of[thread] != 0) {
        heddle_cpu((unsigned)cpu_of[thread]);
    }
}

#endif
