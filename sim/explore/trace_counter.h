// trace_counter.h - how many different traces the executions of an exploration showed.
// Source:  a trace is its happens-before relation (Mazurkiewicz); as its normal form serve the clocks of
//          its events, each under its context and index, together with the data choices.
// Shapes:  events are kept from one execution to the next as far as both did the same, so that an
//          execution costs what is new in it. Contexts count by their path of creation: in equivalent
//          interleavings they may be numbered otherwise. Hashes: 16 bytes a trace (trace_set.h).
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_log.h"
#include "sim/explore/trace_set.h"
#include "sim/machine/machine.h"

namespace sim {

class trace_counter {
  public:
    trace_counter() = default;
    explicit trace_counter(size_t traces_max) : seen_(traces_max) {}

    void begin();                 // an execution begins
    void step(const context& c);  // it was chosen and is about to perform its operation
    void picked(uint32_t taken);  // of a data choice within the step
    void end(execution_end why);  // over; those that were given up do not count
    void restart();               // what is visible has changed: all traces are others

    [[nodiscard]] uint64_t traces() const { return seen_.size(); }
    // Executions whose trace had been seen before.
    [[nodiscard]] uint64_t redundant() const { return redundant_; }
    // False: there were too many to remember; traces() and redundant() are of the time until then.
    [[nodiscard]] bool exact() const { return !seen_.full(); }

  private:
    void outcome_of_last();
    void analyse();
    void join_dependent(const logged_event& e, uint32_t* clock) const;
    void join_latest(uint64_t object, uint32_t* clock) const;
    void join_granule(const logged_event& e, uint64_t granule, uint32_t* clock) const;
    void join_all(size_t depth, uint32_t* clock) const;
    [[nodiscard]] trace_hash hash_of(size_t depth) const;

    event_log log_;
    size_t at_ = 0;                     // steps of this execution so far
    size_t pick_ = 0;                   // data choices of the last step so far
    operation* outcome_ = nullptr;      // of the last event, where it is not known yet
    std::vector<trace_hash> sums_;      // of the events up to and with each
    uint64_t keys_[contexts_max] = {};  // by context: its path of creation
    trace_set seen_;
    uint64_t redundant_ = 0;
};

}  // namespace sim
