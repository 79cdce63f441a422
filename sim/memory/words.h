// words.h - atomic accesses by a memory model: which write a read takes, and where a write comes.
// Source:  sim/memory/graph.h, model.h.
// Shapes:  words of 1, 2, 4 or 8 bytes, as the low bytes of a uint64_t. What there is to choose from is put in order: the
//          last write first, which is all that sequential consistency by interleaving knows.
// Locks:   none. The current context has been chosen to perform the operation that it has published.
// Errors:  words that overlap otherwise than as a whole are a finding, and end the execution.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"
#include "sim/memory/graph.h"

namespace sim {

// Whether the execution is a graph. Off in set-up.
inline bool by_graph() {
    return __builtin_expect(g.by_graph, 0);
}
// Whoever meets a write for which its await does not hold waits for good, as a search wants it; else it waits for one that does.
inline bool awaits_look_once() {
    return by_graph() && chosen_awaits == await_looks::once;
}
// Words are read and written by what follows; all else by one step after the other.
bool is_word_access(const operation& op);

// Of an await: any write that it may read, or only one for which it holds.
uint64_t graph_await(context& c, bool holding);
uint64_t graph_load(context& c, uint32_t size, uint8_t order, uint64_t pc);
void graph_store(context& c, uint32_t size, uint8_t order, uint64_t value, uint64_t pc);

// A read-modify-write in two halves: what it takes, then what it leaves. A compare-and-swap that takes another value than
// it expects has no second half; it reads with the order of its failure.
struct graph_update {
    uint64_t taken = 0;
    bool writes = true;
    proposed_access access;
    vector_clock met;
};
graph_update graph_update_takes(context& c, uint32_t size, uint8_t order, uint64_t pc);
graph_update graph_cas_takes(context& c, uint32_t size, uint64_t expected, uint8_t order,
                             uint8_t fail_order, uint64_t pc);
void graph_update_leaves(context& c, const graph_update& u, uint64_t value);

// What is being chosen from while the strategy is asked for an alternative of an access: null otherwise. Each is a
// proposed access by its place; reads and writes as each would.
struct access_options {
    std::vector<proposed_access> of;
    // Places that could be taken by a read-modify-write if none had taken them before.
    std::vector<uint32_t> taken_places;
};
extern const access_options* options_asked;
// Those of the access that was performed last.
const access_options& last_options();

}  // namespace sim
