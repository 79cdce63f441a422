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
#include <cstring>
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

// The first alternative from `at` on that is not excluded.
inline uint32_t next_allowed(uint64_t excluded, uint32_t at) {
    while (at < 64 && (excluded >> at & 1) != 0) {
        ++at;
    }
    return at;
}

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
    event_log();
    [[nodiscard]] size_t size() const { return size_; }
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

    // What the context is about to do is the next event. The answer is where its outcome belongs once it
    // was performed; it holds until the next call.
    operation* append(const context& c);
    void cut(size_t depth);
    // An event of another log, with a clock of that log's width. There are no others in this one.
    void put(logged_event e, const std::vector<data_choice>& choices,
             const std::vector<uint32_t>& clock);

    // Data choices, of the last event.
    [[nodiscard]] const data_choice& pick(size_t i) const { return picks_[i]; }
    [[nodiscard]] size_t picks_begin(size_t depth) const {
        return depth < size_ ? events_[depth].picks_begin : picks_.size();
    }
    [[nodiscard]] size_t picks_end(size_t depth) const { return picks_begin(depth + 1); }
    void append_pick(const data_choice& c);
    // Takes another alternative in choice `i` of the last event; those after it are dropped.
    void take_other(size_t i, uint32_t alternative);

    // The choices that lead to the event at a depth, as the machine takes them, begin and end here. They
    // hold until the next event is appended.
    [[nodiscard]] const planned_choice* choices_to(size_t depth) const {
        return choices_.data() + depth + picks_begin(depth);
    }

    // ---- analysis, in order of depth
    [[nodiscard]] size_t analysed() const { return chains_.size(); }
    // The next event to be analysed, and where its clock is made.
    logged_event& next_event() { return events_[analysed()]; }
    uint32_t* next_clock();
    // The clock of an event, or of a pending operation, by everything but its own object: program order,
    // creation, joins, what let it go on, time. `to` has width() entries.
    void base_clock(const logged_event& e, uint32_t* to) const;
    void join(uint32_t* to, const uint32_t* from) const;
    // Every event so far happens before whatever has this clock.
    [[nodiscard]] bool includes_all(const uint32_t* clock) const;
    // The same but for those of one context.
    [[nodiscard]] bool includes_others(const uint32_t* clock, uint32_t context) const;
    // Enters the next event, whose clock is made, into the chains of its objects.
    void enter() { chains_.push(next_event().op); }
    [[nodiscard]] const object_chains& chains() const { return chains_; }
    // What a context is about to do, as an event that might follow.
    [[nodiscard]] logged_event pending(const context& c) const;

  private:
    // Four entries of a clock. Signed: there is no comparison of unsigned ones before SSE 4.
    typedef int32_t entries __attribute__((vector_size(16)));
    static entries entries_at(const uint32_t* clock) {
        entries e;
        std::memcpy(&e, clock, sizeof e);
        return e;
    }

    void make(const context& c, logged_event& e) const;
    [[nodiscard]] int32_t creation_of(const context& c) const;
    void widen(uint32_t width);

    std::vector<logged_event> events_;  // those beyond size_ keep their memory, here and below
    size_t size_ = 0;
    std::vector<data_choice> picks_;
    std::vector<planned_choice> choices_;  // one an event, then its data choices
    std::vector<uint32_t> clocks_;
    uint32_t width_ = 4;
    int32_t last_[contexts_max];
    object_chains chains_;
};

inline void event_log::join(uint32_t* to, const uint32_t* from) const {
    for (uint32_t i = 0; i < width_; i += 4) {
        const entries a = entries_at(to + i);
        const entries b = entries_at(from + i);
        const entries less = a < b;
        const entries most = (a & ~less) | (b & less);
        std::memcpy(to + i, &most, sizeof most);
    }
}

}  // namespace sim
