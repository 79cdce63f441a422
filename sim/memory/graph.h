// graph.h - the execution as a graph: what each read takes, in which order writes of a word come, what is before what.
// Source:  exploration.md D3; Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic
//          Partial Order Reduction", POPL 2022; the model of sim/memory/model.h.
// Shapes:  events are numbered as they are performed: what an event reads from, and what is before it in its program,
//          has a smaller number. `initial_event` writes what was there at the beginning. A location is a word of 1, 2, 4 or 8
//          bytes; its writes stand in coherence order, and memory itself holds the last of them. A plain write to such a
//          word begins it anew: whoever comes later is ordered after it, or races.
// Locks:   none; host code.
// Errors:  words that overlap otherwise than as a whole are a finding, and end the execution.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/memory/graph_event.h"
#include "sim/memory/model.h"
#include "sim/memory/rc11.h"

namespace sim {

class execution_graph {
  public:
    void clear();

    [[nodiscard]] uint32_t size() const { return used_; }
    [[nodiscard]] const graph_event& event(uint32_t i) const { return events_[i]; }
    [[nodiscard]] const graph_location& location(uint32_t i) const { return locations_[i]; }
    // The event of a context with this number among its own, from 1.
    [[nodiscard]] uint32_t nth_of(uint8_t context, uint32_t index) const {
        return by_context_[context][index - 1];
    }
    [[nodiscard]] uint32_t count_of(uint8_t context) const {
        return static_cast<uint32_t>(by_context_[context].size());
    }
    // What is before the next event of a context.
    [[nodiscard]] prefix_clock ahead_of(const context& c) const;
    // Of the n-th step, from 1; initial_event if it has not been performed.
    [[nodiscard]] uint32_t event_of_step(uint32_t n) const {
        return n <= step_events_.size() ? step_events_[n - 1] : initial_event;
    }
    // Of the uses of an object, in their order; empty if there was none.
    [[nodiscard]] const std::vector<uint32_t>& uses_of(uint64_t object) const;
    [[nodiscard]] bool is_before(uint32_t event, const prefix_clock& clock) const {
        const graph_event& e = events_[event];
        return clock.at[e.context] >= e.index;
    }
    [[nodiscard]] bool happens_before(const graph_event& a, const graph_event& b) const {
        return b.known.at[a.context] >= a.epoch && (a.context != b.context || a.index < b.index);
    }
    // Whether what a context has read last is not the last write of its location.
    [[nodiscard]] bool has_seen_a_stale_write(uint8_t context) const;
    [[nodiscard]] const seq_cst_order& seq_cst() const { return order_; }
    [[nodiscard]] bool all_seq_cst() const { return weaker_ == 0; }
    [[nodiscard]] bool any_seq_cst() const { return seq_cst_ != 0; }

    // ---- as the machine performs the execution --------------------------------------------------------

    // A step that is no access to a word, or a fence: of the current context's next event.
    // Points of a script whose order is asked for (operation kind `point` with an object) are told from one to the other.
    void add_step(context& c);
    // The context goes on behind its last step, which may have acquired something: a step is added when it begins.
    void goes_on(const context& c);
    void add_fence(const context& c, uint8_t order, uint32_t epoch);
    // Memory that a word is in; no_location: it overlaps another.
    uint32_t find(uint64_t address, uint32_t size);
    // The earliest place that an access of the context may read, or come behind, by coherence alone: later ones are
    // known to it by what happened before. It may have been performed itself.
    [[nodiscard]] uint32_t floor_of(uint32_t location, const vector_clock& known,
                                    uint32_t self = initial_event) const;
    // Adds an access as proposed; a write leaves `value`. What it releases is what it has taken, to begin with.
    void add_access(const context& c, op_kind kind, const proposed_access& a,
                    const vector_clock& met, uint64_t value);
    // What the write that was added last releases.
    template <typename Change>
    void set_released(const Change& change) {
        const graph_event& e = events_[used_ - 1];
        change(locations_[e.location].writes[e.place].released);
    }
    void created(const context* parent, const context& child);
    void joined(const context& waiter, const context& finished);
    // Everything that comes is after everything that was.
    void time_passed();
    void forget(uint64_t begin, uint64_t size);

  private:
    void keep_order();
    graph_event& new_event(const context& c, op_kind kind, uint8_t order);
    void link_to(graph_event& e, uint32_t number, uint64_t object);
    graph_location& new_location(uint64_t address, uint32_t size);
    void insert_write(graph_location& l, uint32_t at, graph_write&& w);

    std::vector<graph_event> events_;
    uint32_t used_ = 0;
    std::vector<graph_location> locations_;
    uint32_t locations_used_ = 0;
    std::vector<uint32_t> by_context_[contexts_max];
    prefix_clock ahead_[contexts_max];
    std::vector<std::pair<uint64_t, std::vector<uint32_t>>> chains_;
    size_t chains_used_ = 0;
    std::vector<uint32_t> step_events_;  // by step: its event
    seq_cst_order order_;                // of c11
    uint32_t ordered_ = 0;               // events that are in it
    uint32_t seq_cst_ = 0;
    uint32_t weaker_ = 0;
    uint64_t touched_ = 0;  // contexts that have events
};

extern execution_graph graph;

// Whether the model admits an access that does not take, or come behind, the last write: that one is always admitted.
bool admits(const execution_graph& of, const proposed_access& a, const vector_clock& known);

}  // namespace sim
