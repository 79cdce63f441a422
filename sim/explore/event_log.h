// event_log.h - the events of the current execution and what happens before what.
// Source:  Abdulla, Aronis, Jonsson, Sagonas, Optimal dynamic partial order reduction, POPL 2014; for
//          blocking operations exploration.md D1.
// Shapes:  an event is a depth: 0, 1, 2, ... A clock has an entry a context: how many of its events
//          happen before or are the event. Events are appended while running and analysed once, when
//          the execution is over; cutting the log back undoes the analysis.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/object_chains.h"
#include "sim/machine/machine.h"

namespace sim {

// A data choice made within an event (which waiter wakes).
struct data_choice {
    uint32_t count = 0;
    uint32_t taken = 0;
    uint64_t excluded = 0;  // alternatives that need not be taken
};

struct logged_event {
    operation op;
    uint8_t context = 0;
    uint32_t index = 0;     // of its context's events, from 1
    int32_t previous = -1;  // the event of the same context before it
    uint32_t advanced = 0;  // events before time last had to pass; those all happen before it
    int32_t creator = -1;   // a first event: the event after which its context was created
    int32_t granted = -1;   // the event that let it go on: a signal, a wake, the last at a barrier
    uint64_t joined = 0;    // contexts whose last event happens before it
    uint32_t picks_begin = 0;  // its data choices
};

class event_log {
  public:
    [[nodiscard]] size_t size() const { return events_.size(); }
    [[nodiscard]] const logged_event& at(size_t depth) const { return events_[depth]; }
    [[nodiscard]] uint32_t width() const { return width_; }
    [[nodiscard]] const uint32_t* clock(size_t depth) const { return &clocks_[depth * width_]; }
    // Whether event a happens before event b, or is it.
    [[nodiscard]] bool before(size_t a, size_t b) const {
        return clock(b)[events_[a].context] >= events_[a].index;
    }
    static bool includes(const uint32_t* clock, const logged_event& e) {
        return clock[e.context] >= e.index;
    }

    void append(const context& c);
    // The outcome of the last event, once it was performed.
    void performed(const operation& op) { events_.back().op = op; }
    void cut(size_t depth);

    std::vector<data_choice> picks;
    [[nodiscard]] size_t picks_end(size_t depth) const {
        return depth + 1 < events_.size() ? events_[depth + 1].picks_begin : picks.size();
    }

    // ---- analysis, in order of depth
    [[nodiscard]] size_t analysed() const { return chains_.size(); }
    // The clock of an event, or of a pending operation, by everything but its own object: program order,
    // creation, joins, what let it go on, time. `to` has width() entries.
    void base_clock(const logged_event& e, uint32_t* to) const;
    void join(uint32_t* to, const uint32_t* from) const;
    // Enters the next event into the chains of its objects with its final clock.
    void enter(const uint32_t* clock);
    [[nodiscard]] const object_chains& chains() const { return chains_; }
    // What a context is about to do, as an event that might follow.
    [[nodiscard]] logged_event pending(const context& c) const;

  private:
    [[nodiscard]] logged_event make(const context& c) const;
    void widen(uint32_t width);

    std::vector<logged_event> events_;
    std::vector<uint32_t> clocks_;
    uint32_t width_ = 4;
    int32_t last_[contexts_max];
    object_chains chains_;

  public:
    event_log();
};

}  // namespace sim
