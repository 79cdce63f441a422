// reversal.h - finds the reversible races of an execution and says how each is to be reversed.
// Source:  POPL 2014 for races and for v = notdep(e, E).e'; for operations that wait, exploration.md D1:
//          what let an operation go on happens before it and cannot be reversed with it; the race is with
//          the event before which it could have gone on. A reader/writer lock that several readers hold
//          needs all of them later: a race may have several roots. So may one of an operation that waits
//          for its CPU as well (machine/cpus.h).
// Shapes:  depths and clocks as in event_log.h.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/dependence.h"
#include "sim/explore/bypasses.h"
#include "sim/explore/event_log.h"

namespace sim {

// The operation `last` could come before all of `roots`. `clock` is what must happen before it there.
struct reversal {
    std::vector<uint32_t> roots;  // the first is the earliest: the new branch begins in its place
    logged_event last;
    const uint32_t* clock = nullptr;
    // Of a put that reached zero: what must happen before it where it does not. Else null.
    const uint32_t* above_zero = nullptr;
    uint32_t end = 0;  // events from there on are not of the sequence
};

// Operations that can be pending without being possible, by the state of their object, or for want of a CPU.
[[nodiscard]] bool waits_for_object(const operation& op);
// It takes its CPU, or interrupts may come there (machine/interrupts.h).
inline bool waits_for_cpu(const operation& op) {
    return op.takes_cpu || op.on_cpu;
}
// Of one whose context could go on before, leaving it costs a preemption: what interrupts it is one.
inline bool can_wait(const operation& op) {
    return op.takes_cpu || op.kind == op_kind::interrupt || waits_for_object(op);
}
// Whether `op` could have gone on in the state that `earlier`, on the same object, met.
[[nodiscard]] bool possible_before(const operation& op, const operation& earlier);

// Contexts that pass awaits, with how often that was seen, and such that make these not hold.
struct await_order {
    uint64_t wait = 0;     // mask
    uint64_t hold_up = 0;  // mask
    uint64_t seen[contexts_max] = {};
    void learn(const logged_event& await, const logged_event& write) {
        wait |= 1ULL << await.context;
        hold_up |= 1ULL << write.context;
        ++seen[await.context];
    }
    // Of some contexts the one that waits most often, as a mask; the lowest if there are several.
    [[nodiscard]] uint64_t most_waiting(uint64_t some) const {
        int most = __builtin_ctzll(some);
        for (uint64_t rest = some; rest != 0; rest &= rest - 1) {
            const int other = __builtin_ctzll(rest);
            most = seen[other] > seen[most] ? other : most;
        }
        return 1ULL << most;
    }
};

class reversal_sink {
  public:
    virtual ~reversal_sink() = default;
    virtual void reverse(const reversal& r) = 0;
};

class race_finder {
  public:
    race_finder(event_log& log, reversal_sink& sink) : log_(log), sink_(sink), bypasses_(log) {}
    // Analyses the next event of the log and enters it.
    void next();
    // What a context that waits for good is about to do, against the events that keep it waiting.
    void blocked(const context& c);
    // What a context was about to do when `exit` ended the execution.
    void cut_off(const context& c, uint32_t exit);
    // The execution is over, and all of it analysed.
    void ended();
    // An await that is about to be passed could have been before a write (bypasses.h): what comes of it
    // here comes of it there. All events are analysed.
    [[nodiscard]] bool passed_late(const context& c);
    // Some write may not happen after an await that it was performed after.
    [[nodiscard]] bool awaited() const {
        return dependence == dependence_mode::refined && log_.chains().awaited();
    }
    // Of the execution that is over: an await could be passed before a write, or after it.
    [[nodiscard]] bool awaits_one() const;
    // Who was seen to wait, and for whom. It does not shrink.
    [[nodiscard]] const await_order& order() const { return order_; }

  private:
    void find(const logged_event& e, uint32_t* clock, bool waits);
    void walk(const logged_event& e, uint64_t granule, uint32_t* clock);
    bool bypassed(const logged_event& await, uint32_t depth, const logged_event& write,
                  const uint32_t* clock);
    void add_bypassed(uint32_t* clock) const;
    void try_after_all(const std::vector<bypass>& list);
    void walk_waiting(const logged_event& e, uint32_t* clock);
    void walk_many(const logged_event& e, uint32_t* clock);
    bool walk_readers(const logged_event& e, uint32_t* clock, bool waits);
    void walk_cpu(const logged_event& e, uint32_t* clock);
    void walk_interruptible(const logged_event& e, uint32_t latest);
    void walk_exit(const logged_event& e, uint32_t* clock);
    void race(const logged_event& e, uint32_t root, const uint32_t* clock);
    void race(const logged_event& e, std::vector<uint32_t>& roots, const uint32_t* clock);
    void found(const logged_event& e, const uint32_t* clock);
    // Of steps that take a CPU (reversal_cpu.cc).
    [[nodiscard]] bool could_be_before(std::vector<uint32_t>& roots, const logged_event& e) const;
    const uint32_t* clock_before(const std::vector<uint32_t>& roots, const logged_event& e);
    [[nodiscard]] bool where_possible(std::vector<uint32_t>& roots, const logged_event& e) const;
    template <typename Kind>
    [[nodiscard]] bool without_holders(std::vector<uint32_t>& roots, uint64_t object,
                                       Kind of) const;
    [[nodiscard]] bool add_root(std::vector<uint32_t>& roots, uint32_t depth) const;
    [[nodiscard]] bool is_later(uint32_t depth, const std::vector<uint32_t>& roots) const;
    [[nodiscard]] bool ends_walk(const logged_event& earlier, const logged_event& e) const;

    event_log& log_;
    reversal_sink& sink_;
    bypasses bypasses_;
    reversal found_;
    uint32_t above_zero_[contexts_max];
    uint32_t alone_clock_[contexts_max] = {};  // of a step that takes a CPU, but for its objects
    uint32_t clock_before_[contexts_max] = {};
    bool impossible_ = false;  // its object does not let it go on now
    await_order order_;
    static constexpr size_t nobody = ~size_t{0};
    size_t judged_ = nobody;  // the write that was asked whether it
    bool alone_ = false;      // is alone (bypasses.h)
};

}  // namespace sim
