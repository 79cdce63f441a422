#include "sim/explore/pct.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/dependence.h"

namespace sim {

namespace {

constexpr uint32_t length_guess = 16;
constexpr uint32_t stretches = 16;

}  // namespace

pct_strategy::pct_strategy(uint64_t seed, uint32_t depth)
    : sampler(seed),
      depth_(std::max(depth, 1U)),
      length_(length_guess),
      stretches_left_(stretches) {}

void pct_strategy::begin_sample() {
    choices_ = 0;
    ++since_;
    priorities_.clear();
    change_points_.clear();
    for (uint32_t i = 1; i < depth_; ++i) {
        change_points_.push_back(stream().below(length_));
    }
}

void pct_strategy::restart() {
    length_ = length_guess;
    stretches_left_ = stretches;
    contexts_ = 1;
    since_ = 0;
}

uint8_t pct_strategy::walk(uint64_t enabled) {
    for (uint32_t n = stream().below(static_cast<uint32_t>(__builtin_popcountll(enabled))); n != 0;
         --n) {
        enabled &= enabled - 1;
    }
    return static_cast<uint8_t>(__builtin_ctzll(enabled));
}

void pct_strategy::meet(uint64_t enabled) {
    for (; enabled != 0; enabled &= enabled - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(enabled));
        if (!priorities_.contains(context)) {
            priorities_.insert(context, stream());
        }
    }
}

uint8_t pct_strategy::choose(const choice_view& view) {
    meet(view.enabled);
    if ((view.enabled & (view.enabled - 1)) == 0) {
        return static_cast<uint8_t>(__builtin_ctzll(view.enabled));
    }
    if (choices_ >= length_) {
        ++choices_;
        return walk(view.enabled);
    }
    uint8_t next = priorities_.highest(view.enabled);
    const operation& op = view.contexts[next].op;
    if (op.kind == op_kind::yield) {
        priorities_.lower(next, 0);
        return next;
    }
    if (use_of(op) == operation_use::none) {
        return next;
    }
    for (uint32_t i = 0; i < change_points_.size(); ++i) {
        if (change_points_[i] == choices_) {
            priorities_.lower(next, i + 1);
            next = priorities_.highest(view.enabled);
        }
    }
    ++choices_;
    return next;
}

void pct_strategy::end(execution_end) {
    contexts_ = std::max(contexts_, static_cast<uint32_t>(priorities_.size()));
    if (since_ == 1) {
        // The guess gives way to what was seen.
        length_ = std::max(choices_, 1U);
    } else if (choices_ > length_ && stretches_left_ != 0) {
        --stretches_left_;
        length_ = choices_;
    }
}

std::string pct_strategy::promise() const {
    const double chance = 1 / (contexts_ * std::pow(length_, depth_ - 1));
    return fmt::format(
        "an execution hits a bug of depth {} with probability at least 1/(n k^{}) = "
        "{:.2g}, by {} contexts and {} choices; {} executions miss it with at most "
        "{:.2g}",
        depth_, depth_ - 1, chance, contexts_, length_, since_, std::pow(1 - chance, since_));
}

}  // namespace sim
