#include "sim/explore/counted.h"

namespace sim {

bool counted_strategy::begin() {
    const int before = rounds_.complete_to();
    const bool more = inner_.begin();
    // A round that is over, of which this one may be the repetition, has its own number.
    if (rounds_.complete_to() > before) {
        within_.push_back(counter_.traces());
    }
    counter_.begin();
    return more;
}

uint8_t counted_strategy::choose(const choice_view& view) {
    const uint8_t next = inner_.choose(view);
    if (next < contexts_max) {
        counter_.step(view.contexts[next]);
    }
    return next;
}

uint32_t counted_strategy::pick(const choice_view& view, uint32_t n) {
    const uint32_t taken = inner_.pick(view, n);
    counter_.picked(taken);
    return taken;
}

void counted_strategy::restart() {
    inner_.restart();
    counter_.restart();
    within_.clear();
}

void counted_strategy::end(execution_end why) {
    inner_.end(why);
    counter_.end(why);
}

}  // namespace sim
