#include "sim/explore/replay.h"

namespace sim {

uint8_t replay_strategy::choose(const choice_view& view) {
    if (at_ < choices_.size()) {
        uint8_t next = choices_[at_++];
        if (next < contexts_max && (view.enabled >> next & 1) != 0) {
            return next;
        }
        diverged_ = true;
    }
    return default_choice(view);
}

uint32_t replay_strategy::pick(const choice_view&, uint32_t n) {
    if (at_ < choices_.size()) {
        uint8_t choice = choices_[at_++];
        uint32_t taken = choice & ~choice_is_data;
        if ((choice & choice_is_data) != 0 && taken < n) {
            return taken;
        }
        diverged_ = true;
    }
    return 0;
}

}  // namespace sim
