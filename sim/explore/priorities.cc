#include "sim/explore/priorities.h"

#include <algorithm>

#include "sim/machine/machine.h"

namespace sim {

void priority_list::clear() {
    list_.clear();
    upper_ = 0;
    known_ = 0;
}

void priority_list::insert(uint8_t context, random_stream& stream) {
    HEDDLE_ASSERT(!contains(context));
    host_scope host;
    const uint32_t at = stream.below(static_cast<uint32_t>(upper_) + 1);
    list_.insert(list_.begin() + at, {context, ~0U});
    ++upper_;
    known_ |= 1ULL << context;
}

void priority_list::lower(uint8_t context, uint32_t rank) {
    host_scope host;
    auto at = std::find_if(list_.begin(), list_.end(),
                           [&](const entry& e) { return e.context == context; });
    HEDDLE_ASSERT(at != list_.end());
    upper_ -= at < list_.begin() + static_cast<ptrdiff_t>(upper_) ? 1 : 0;
    list_.erase(at);
    at = std::find_if(list_.begin() + static_cast<ptrdiff_t>(upper_), list_.end(),
                      [&](const entry& e) { return e.rank <= rank; });
    // Of two with the same rank the one that was lowered later is lower.
    while (at != list_.end() && at->rank == rank) {
        ++at;
    }
    list_.insert(at, {context, rank});
}

uint8_t priority_list::highest(uint64_t contexts) const {
    for (const entry& e : list_) {
        if ((contexts >> e.context & 1) != 0) {
            return e.context;
        }
    }
    HEDDLE_ASSERT(false);
    return choose_stop;
}

}  // namespace sim
