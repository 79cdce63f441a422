// orders.h - the models that are one acyclic order: sc, and tso.
// Source:  exploration.md D3; Alglave, Maranget, Tautschnig, "Herding Cats", TOPLAS 2014, for tso: program order without
//          what a store buffer delays, reads-from of others, coherence and from-read are acyclic. What drains the buffer:
//          seq_cst stores and fences, read-modify-writes that fail included, whatever is no access to a word.
// Shapes:  the graph is consistent, and its accesses are performed in an order in which reads come after what they take;
//          so a cycle goes through the new access and what it is before: the write behind its place.
// Locks:   none; functions of their arguments.
// Errors:  none.
#pragma once

#include "sim/memory/graph.h"

namespace sim {

bool sc_admits(const execution_graph& of, const proposed_access& a);
bool tso_admits(const execution_graph& of, const proposed_access& a);

}  // namespace sim
