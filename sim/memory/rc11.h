// rc11.h - the order of seq_cst accesses and fences of C and C++, repaired.
// Source:  Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11", PLDI 2017, section 3:
//          psc_base and psc_F. Coherence and atomicity are decided where places are offered (words.cc), and load
//          buffering cannot come about: reads come after what they take.
// Shapes:  the new access as one more event of the graph.
// Locks:   none; a function of its arguments.
// Errors:  none.
#pragma once

#include "sim/memory/graph.h"

namespace sim {

bool rc11_admits(const execution_graph& of, const proposed_access& a, const vector_clock& known);

}  // namespace sim
