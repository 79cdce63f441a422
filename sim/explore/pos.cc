#include "sim/explore/pos.h"

#include "sim/dependence.h"

namespace sim {

uint8_t pos_strategy::choose(const choice_view& view) {
    for (uint64_t rest = view.enabled; rest != 0; rest &= rest - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
        if (concerns_nobody(view.contexts[context].op)) {
            priorities_.redraw(context);
            return context;
        }
    }
    const uint8_t next = priorities_.highest(view.enabled, stream());
    const operation& op = view.contexts[next].op;
    priorities_.redraw(next);
    for (uint64_t rest = view.enabled & ~(1ULL << next); rest != 0; rest &= rest - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
        if (dependent(op, view.contexts[context].op)) {
            priorities_.redraw(context);
        }
    }
    return next;
}

}  // namespace sim
