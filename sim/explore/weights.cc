#include "sim/explore/weights.h"

#include <algorithm>
#include <iterator>

namespace sim {

void remaining_weights::clear() {
    std::fill(std::begin(expected_), std::end(expected_), 0);
    std::fill(std::begin(left_), std::end(left_), 0);
    std::fill(std::begin(parent_), std::end(parent_), 0xff);
    intended_ = no_intention;
}

void remaining_weights::expect(uint8_t context, uint8_t parent, uint32_t own) {
    expected_[context] = own;
    parent_[context] = parent;
}

void remaining_weights::begin() {
    for (unsigned context = contexts_max; context-- > 0;) {
        const uint8_t parent = parent_[context];
        if (parent < context) {
            expected_[parent] += expected_[context];
        }
    }
}

void remaining_weights::created(uint8_t context, uint8_t parent, random_stream& stream) {
    const uint32_t weight = expected_[context];
    left_[context] = weight;
    if (parent >= contexts_max) {
        return;
    }
    if (intended_ == parent && left_[parent] != 0 && stream.below(left_[parent]) < weight) {
        intended_ = context;
    }
    left_[parent] -= std::min(left_[parent], weight);
}

uint8_t remaining_weights::draw(uint64_t contexts, random_stream& stream) const {
    uint32_t all = 0;
    for (uint64_t rest = contexts; rest != 0; rest &= rest - 1) {
        all += left_[__builtin_ctzll(rest)];
    }
    const bool even = all == 0;
    uint32_t chosen =
        stream.below(even ? static_cast<uint32_t>(__builtin_popcountll(contexts)) : all);
    for (uint64_t rest = contexts;; rest &= rest - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
        const uint32_t weight = even ? 1 : left_[context];
        if (chosen < weight) {
            return context;
        }
        chosen -= weight;
    }
}

}  // namespace sim
