// rc11.h - the order of seq_cst accesses and fences of C and C++, repaired.
// Source:  Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing Sequential Consistency in C/C++11", PLDI 2017, section 3:
//          psc_base and psc_F. Coherence and atomicity are decided where places are offered (words.cc), and load
//          buffering cannot come about: reads come after what they take.
// Shapes:  kept while the graph grows, in the order in which events are performed. Nothing happens after what was performed
//          last, so what an event adds leads to it, or from it (a fence before it) to later writes of its location.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/memory/graph_event.h"

namespace sim {

class execution_graph;

class seq_cst_order {
  public:
    void clear();
    // The event stands in the graph by now.
    void add(const execution_graph& of, uint32_t number);
    // Whether the new access closes no cycle; `known` happens before it.
    [[nodiscard]] bool admits(const execution_graph& of, const proposed_access& a,
                              const vector_clock& known) const;

    struct one;

  private:
    using node_set = std::vector<uint64_t>;  // a bit a node

    [[nodiscard]] bool is_fence(const execution_graph& of, uint32_t node) const;
    void add_edge(uint32_t from, uint32_t to);
    void add_edges_from(const execution_graph& of, uint32_t number);
    template <typename Edge>
    void for_each_before(const execution_graph& of, const one& b, bool fence,
                         const Edge& edge) const;
    [[nodiscard]] bool leads_to(const execution_graph& of, uint32_t node, const one& x,
                                const one& b, const std::vector<uint32_t>& ends, bool fence) const;
    void find_targets(const execution_graph& of, const one& a, node_set& base,
                      node_set& fences) const;
    [[nodiscard]] bool reach(const node_set& from, const node_set& to) const;

    std::vector<uint32_t> nodes_;   // their events
    std::vector<uint32_t> fences_;  // those of them that are fences
    std::vector<node_set> edges_;
};

bool rc11_admits(const execution_graph& of, const proposed_access& a, const vector_clock& known);

}  // namespace sim
