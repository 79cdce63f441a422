// reversal.h - finds the reversible races of an execution and says how each is to be reversed.
// Source:  POPL 2014 for races and for v = notdep(e, E).e'; for operations that wait, exploration.md D1:
//          what let an operation go on happens before it and cannot be reversed with it; the race is with
//          the event before which it could have gone on. A reader/writer lock that several readers hold
//          needs all of them later: a race may have several roots.
// Shapes:  depths and clocks as in event_log.h.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_log.h"

namespace sim {

// The operation `last` could come before all of `roots`. `clock` is what must happen before it there.
struct reversal {
    std::vector<uint32_t> roots;  // the first is the earliest: the new branch begins in its place
    logged_event last;
    const uint32_t* clock = nullptr;
    // Of a put that reached zero: what must happen before it where it does not. Else null.
    const uint32_t* above_zero = nullptr;
};

// Operations that can be pending without being possible.
[[nodiscard]] bool can_wait(const operation& op);

class reversal_sink {
  public:
    virtual ~reversal_sink() = default;
    virtual void reverse(const reversal& r) = 0;
};

class race_finder {
  public:
    race_finder(event_log& log, reversal_sink& sink) : log_(log), sink_(sink) {}
    // Analyses the next event of the log and enters it.
    void next();
    // What a context that waits for good is about to do, against the events that keep it waiting.
    void blocked(const context& c);
    // What a context was about to do when `exit` ended the execution.
    void cut_off(const context& c, uint32_t exit);

  private:
    void find(const logged_event& e, uint32_t* clock, bool waits);
    void walk(const logged_event& e, uint64_t granule, uint32_t* clock);
    void walk_waiting(const logged_event& e, uint32_t* clock);
    void walk_many(const logged_event& e, uint32_t* clock);
    bool walk_readers(const logged_event& e, uint32_t* clock, bool waits);
    void walk_exit(const logged_event& e, uint32_t* clock);
    void race(const logged_event& e, uint32_t root, const uint32_t* clock);
    void race(const logged_event& e, std::vector<uint32_t>& roots, const uint32_t* clock);
    void found(const logged_event& e, const uint32_t* clock);
    [[nodiscard]] bool ends_walk(const logged_event& earlier, const logged_event& e) const;

    event_log& log_;
    reversal_sink& sink_;
    reversal found_;
    uint32_t above_zero_[contexts_max];
};

}  // namespace sim
