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

#include "sim/dependence.h"
#include "sim/machine/context.h"
#include "sim/memory/model.h"

namespace sim {

inline constexpr uint32_t initial_event = ~0U;
inline constexpr uint32_t no_location = ~0U;

// How many events of each context are before something, by its program and by what is read.
struct prefix_clock {
    uint16_t at[contexts_max] = {};
};
void join(prefix_clock& to, const prefix_clock& from);

// An object that an event uses as a whole: its uses are in one order.
struct graph_link {
    uint64_t object = 0;
    uint32_t next = initial_event;
};
inline constexpr unsigned links_max = objects_max;

struct graph_event {
    op_kind kind = op_kind::none;
    uint8_t order = 0;
    uint8_t context = 0;
    bool reads = false;
    bool writes = false;
    bool drains =
        false;  // everything before it, of its context, is seen by all before what comes after it
    uint32_t index = 0;  // among its context's, from 1
    uint32_t location = no_location;
    uint32_t from = initial_event;         // of a read: who wrote what it took
    uint32_t next_reader = initial_event;  // of the same write
    uint32_t place = 0;                    // of a write: in the coherence order of its location
    uint32_t step = 0;                     // that performed it
    uint32_t epoch = 0;                    // of its context, to the race checker
    unsigned links = 0;
    graph_link link[links_max];
    prefix_clock ahead;   // before it, by its program alone
    prefix_clock before;  // and by what it reads; the event itself included
    vector_clock known;   // happens before it, itself included
    vector_clock met;     // the same before it read
};

// A write in the coherence order of its location.
struct graph_write {
    uint32_t event = initial_event;
    uint32_t first_reader = initial_event;
    uint64_t value = 0;
    vector_clock released;  // what who acquires it learns
};

struct graph_location {
    uint64_t address = 0;  // 0: the memory is something else by now
    uint32_t size = 0;
    std::vector<graph_write> writes;  // [0] was there at the beginning
};

// A read or write that is about to come: it reads the write in place `place`, or comes behind that.
struct proposed_access {
    uint8_t context;
    uint8_t order;
    bool reads;
    bool writes;
    bool updates;  // one operation that reads, and writes unless it fails
    uint32_t location;
    uint32_t place;
};

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
    [[nodiscard]] bool all_seq_cst() const { return weaker_ == 0; }
    [[nodiscard]] bool any_seq_cst() const { return seq_cst_ != 0; }

    // ---- as the machine performs the execution --------------------------------------------------------

    // A step that is no access to a word, or a fence: of the current context's next event.
    void add_step(const context& c);
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
    uint32_t seq_cst_ = 0;
    uint32_t weaker_ = 0;
    uint64_t touched_ = 0;  // contexts that have events
};

extern execution_graph graph;

// Whether the model admits an access that does not take, or come behind, the last write: that one is always admitted.
bool admits(const execution_graph& of, const proposed_access& a, const vector_clock& known);

}  // namespace sim
