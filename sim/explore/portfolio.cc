#include "sim/explore/portfolio.h"

#include <algorithm>

#include "sim/explore/pct.h"
#include "sim/explore/pos.h"
#include "sim/explore/random.h"
#include "sim/explore/surw.h"

namespace sim {

namespace {

constexpr uint32_t yield_full = 1024;
constexpr uint32_t yield_window = 16;  // executions that it is about the mean of
constexpr uint32_t preemptions_max = 3;
constexpr uint32_t depth_min = 2;
constexpr uint32_t depth_max = 5;

}  // namespace

portfolio_strategy::portfolio_strategy(uint64_t seed) : sampler(seed) {
    // A multiple of an odd constant apart, so that no two walk alike.
    const auto seed_of = [seed](uint64_t n) { return seed + n * 0xa0761d6478bd642fULL; };
    add(std::make_unique<surw_strategy>(seed_of(1)), 40);
    add(std::make_unique<pos_strategy>(seed_of(2)), 20);
    for (uint32_t depth = depth_min; depth <= depth_max; ++depth) {
        add(std::make_unique<pct_strategy>(seed_of(1 + depth), depth), 5);
    }
    auto systematic = std::make_unique<bounded_strategy>(preemptions_max);
    bounded_ = systematic.get();
    systematic_ = members_.size();
    bounded_share_ = 10;
    add(std::move(systematic), bounded_share_);
    add(std::make_unique<random_strategy>(seed_of(7)), 10);
    current_ = members_.front().inner.get();
}

void portfolio_strategy::add(std::unique_ptr<strategy> inner, uint32_t share) {
    members_.push_back({std::move(inner), share});
}

portfolio_strategy::member& portfolio_strategy::draw() {
    const auto weight = [](const member& m) { return m.share * (yield_full + 2 * m.yield); };
    uint32_t all = 0;
    for (const member& m : members_) {
        all += weight(m);
    }
    uint32_t left = stream().below(all);
    turn_ = 0;
    while (left >= weight(members_[turn_])) {
        left -= weight(members_[turn_++]);
    }
    return members_[turn_];
}

bool portfolio_strategy::begin() {
    sampler::begin();
    member* next = &draw();
    if (!next->inner->begin()) {
        if (!bounded_->bound_mattered()) {
            return false;
        }
        next->share = 0;
        next = &draw();
        next->inner->begin();
    }
    ++next->turns;
    current_ = next->inner.get();
    return true;
}

void portfolio_strategy::restart() {
    for (member& m : members_) {
        m.inner->restart();
        m.yield = 0;
    }
    members_[systematic_].share = bounded_share_;
}

void portfolio_strategy::end(execution_end why) {
    current_->end(why);
    const uint32_t fresh = handoffs_.add(g.history);
    member& m = members_[turn_];
    // Four new ones are as good as many.
    const uint32_t score = std::min(fresh * yield_full / 4, yield_full);
    m.yield = (m.yield * (yield_window - 1) + score) / yield_window;
}

std::vector<uint64_t> portfolio_strategy::turns() const {
    std::vector<uint64_t> all;
    for (const member& m : members_) {
        all.push_back(m.turns);
    }
    return all;
}

}  // namespace sim
