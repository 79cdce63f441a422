// counters.h - takes and puts of reference counters, which commute above zero.
// Source:  ours. A take or put that neither reaches nor leaves zero is taken to commute with its like, so that
//          of a counter only who reaches zero depends on the others. That is true if no order of them
//          that the rest of the trace allows reaches zero earlier. For the takes and puts between two
//          other writes, without the one that reaches zero: let each put be matched with a take that
//          happens before it by other means. With u puts left over by a maximum matching, no order brings
//          the counter lower than u below its first value (Koenig's theorem), and all interleavings of
//          the trace agree on u. Each execution is judged when it is over. If a counter fails, its order
//          matters: its location becomes visible, and exploration begins anew with a counter on which
//          all updates depend. Until then nothing was left out for good, so a complete exploration is
//          one in which no execution failed; and an order that reaches zero early shows in the judgement
//          of the first execution that contains the same steps in another order.
// Shapes:  `commutes` of an operation in the log is the assumption; operations that are planned or asleep
//          do not bear it.
// Locks:   none.
// Errors:  an update that does something else than was announced counts as any other write.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/event_log.h"
#include "sim/explore/reversal.h"

namespace sim {

class counter_judge {
  public:
    explicit counter_judge(const event_log& log) : log_(log) {}
    // Says of an operation that was performed whether it is taken to commute.
    void mark(operation& op);
    // One that sleeps would not have been noticed by a step that was performed, nor noticed it.
    [[nodiscard]] bool commute_there(const operation& asleep, const operation& step) const;
    // A put that reached zero would not do so where the reversal takes it.
    [[nodiscard]] bool above_zero(const reversal& r) const;
    // The execution is over and analysed. Looks at counters of which something is new since the last time.
    void judge();

  private:
    // The takes and puts of a counter since it was written otherwise.
    struct stretch {
        uint64_t object = 0;
        uint32_t size = 0;
        int64_t at_first = 0;
        std::vector<uint32_t> takes;  // depths
        std::vector<uint32_t> puts;   // without the one that reaches zero
        uint64_t contexts = 0;
        bool zero_reached = false;
        bool fails = false;
    };
    void forget_from(size_t depth);
    void find_changed();
    static bool is_awaited(uint64_t granule);
    void collect(uint64_t granule);
    void add(const logged_event& e, uint32_t depth);
    void other_write(const operation& op);
    void awaited(const operation& op);
    [[nodiscard]] bool stays_above_zero(const stretch& s);
    bool match(const stretch& s, size_t put);

    const event_log& log_;
    std::vector<stretch> open_;
    std::vector<stretch> closed_;
    std::vector<size_t> put_of_;  // each take's, or as many as there are puts
    std::vector<bool> tried_;
    std::vector<uint32_t> counting_;  // events that take or put, by depth
    std::vector<uint64_t> changed_;   // granules
    std::vector<uint32_t> uses_;      // of one of them
    uint32_t first_new_ = ~0U;        // what comes before was judged
};

}  // namespace sim
