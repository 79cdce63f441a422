// world.h - reads what a race happens in: topology, placement, freedoms, variants and regimes.
// Errors:  diagnostics; one mistake a statement.
#pragma once

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"
#include "scenarios/lang/structure.h"

namespace scenario {

// topology { router NAME [cpus N] { commands }; link A B }
void read_topology(const statement_node& node, const parse_options& options, script& s,
                   diagnostics& out);

// place CONTEXT on cpu N
void read_placement(const statement_node& node, script& s, diagnostics& out);

// timer X may fire; may lose P; fail alloc nth N [in T]; clock any
void read_freedom(const statement_node& node, script& s, diagnostics& out);

// variant NAME { patch FILE }; regime NAME [{ patch FILE }]
void read_variant(const statement_node& node, script& s, diagnostics& out);

}  // namespace scenario
