// event_priorities.h - a random priority for the pending operation of each context.
// Source:  ours; used by pos.h and surw.h.
// Shapes:  drawn when it is first asked for, kept until redraw().
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

#include "sim/explore/random.h"
#include "sim/machine/layout.h"

namespace sim {

class event_priorities {
  public:
    void clear() { drawn_ = 0; }
    // The operation has another chance, or there is another one.
    void redraw(uint8_t context) { drawn_ &= ~(1ULL << context); }
    // The highest of these contexts; the mask is not empty.
    uint8_t highest(uint64_t contexts, random_stream& stream) {
        uint8_t best = 0xff;
        for (uint64_t rest = contexts; rest != 0; rest &= rest - 1) {
            const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
            if ((drawn_ >> context & 1) == 0) {
                drawn_ |= 1ULL << context;
                value_[context] = stream.next();
            }
            if (best == 0xff || value_[context] > value_[best]) {
                best = context;
            }
        }
        return best;
    }

  private:
    uint64_t drawn_ = 0;
    uint64_t value_[contexts_max] = {};
};

}  // namespace sim
