#include "sim/explore/reorder.h"

#include <algorithm>
#include <deque>
#include <set>

#include "sim/dependence.h"

namespace sim {

namespace {

constexpr size_t trail_max = 6000;     // comparing is quadratic
constexpr size_t states_max = 20'000;  // of the search

// An operation that may have to wait: then leaving its context costs nothing.
bool may_wait(const operation& op) {
    switch (op.kind) {
        case op_kind::lock:
        case op_kind::rdlock:
        case op_kind::wrlock:
        case op_kind::cond_resume:
        case op_kind::sem_wait:
        case op_kind::barrier_resume:
        case op_kind::futex_resume:
        case op_kind::await:
        case op_kind::sleep:
        case op_kind::join:
            return !op.tries;
        default:
            return op.takes_cpu || op.kind == op_kind::interrupt;
    }
}

}  // namespace

int64_t trail_order::last_of(uint8_t context, size_t before) const {
    const std::vector<uint32_t>& all = steps_of_[context];
    const auto at = std::lower_bound(all.begin(), all.end(), before);
    return at == all.begin() ? -1 : int64_t{*(at - 1)};
}

void trail_order::join(uint32_t* to, size_t from) const {
    const uint32_t* c = clock(from);
    for (size_t i = 0; i < width_; ++i) {
        to[i] = std::max(to[i], c[i]);
    }
}

// Order that is not about objects: creation, joins, wakes, time.
void trail_order::order_by_machine(size_t step, uint32_t* to) const {
    const trail_step& s = trail_[step];
    if (index_[step] == 1) {
        // The creator's steps at that moment; if it had none, its own creator's.
        uint8_t parent = s.parent;
        size_t created_at = s.created_at;
        while (parent < width_) {
            const int64_t at = last_of(parent, created_at);
            if (at >= 0) {
                join(to, static_cast<size_t>(at));
                break;
            }
            const context& creator = g.contexts[parent];
            created_at = creator.created_at;
            parent = static_cast<uint8_t>(creator.parent);
        }
    }
    if (s.granted_at != 0 && s.granted_at <= step) {
        join(to, s.granted_at - 1);
    }
    for (uint64_t rest = s.joined; rest != 0; rest &= rest - 1) {
        const auto other = static_cast<size_t>(__builtin_ctzll(rest));
        const int64_t at = other < width_ ? last_of(static_cast<uint8_t>(other), step) : -1;
        if (at >= 0) {
            join(to, static_cast<size_t>(at));
        }
    }
    for (size_t i = 0; s.advanced != 0 && i < width_; ++i) {
        const int64_t at = last_of(static_cast<uint8_t>(i), std::min<size_t>(s.advanced, step));
        if (at >= 0) {
            join(to, static_cast<size_t>(at));
        }
    }
}

trail_order::trail_order(const std::vector<trail_step>& trail)
    : trail_(trail), index_(trail.size()) {
    for (const trail_step& s : trail) {
        width_ = std::max<size_t>(width_, s.context + 1U);
    }
    steps_of_.resize(width_);
    clocks_.resize(trail.size() * width_);
    for (size_t i = 0; i < trail.size(); ++i) {
        const trail_step& s = trail[i];
        std::vector<uint32_t>& own = steps_of_[s.context];
        uint32_t* to = &clocks_[i * width_];
        if (!own.empty()) {
            join(to, own.back());
        }
        index_[i] = static_cast<uint32_t>(own.size() + 1);
        order_by_machine(i, to);
        for (size_t j = i; j-- > 0;) {
            const trail_step& earlier = trail[j];
            if (earlier.context != s.context && to[earlier.context] < index_[j] &&
                dependent(earlier.op, s.op)) {
                join(to, j);
                direct_.emplace_back(j, i);
            }
        }
        to[s.context] = index_[i];
        own.push_back(static_cast<uint32_t>(i));
    }
}

std::vector<uint32_t> trail_order::followed_by(uint8_t context, const operation& op) const {
    std::vector<uint32_t> steps;
    std::vector<uint32_t> known(width_, 0);
    if (context < width_ && !steps_of_[context].empty()) {
        join(known.data(), steps_of_[context].back());
    }
    for (size_t j = trail_.size(); j-- > 0;) {
        const trail_step& earlier = trail_[j];
        if (earlier.context != context && known[earlier.context] < index_[j] &&
            dependent(earlier.op, op)) {
            join(known.data(), j);
            steps.push_back(static_cast<uint32_t>(j));
        }
    }
    return steps;
}

namespace {

class order_search {
  public:
    order_search(const std::vector<trail_step>& trail, const std::vector<place>& stands)
        : trail_(trail), stands_(stands), order_(trail), steps_of_(order_.width()) {
        for (size_t i = 0; i < trail.size(); ++i) {
            steps_of_[trail[i].context].push_back(static_cast<uint32_t>(i));
        }
    }

    // 0-1 breadth first: states in order of the preemptions spent so far.
    std::vector<run_block> run() {
        states_.push_back({std::vector<uint32_t>(order_.width(), 0), -1, 0xff, false});
        std::deque<size_t> queue = {0};
        while (!queue.empty() && states_.size() < states_max) {
            const size_t from = queue.front();
            queue.pop_front();
            if (!expanded_.insert({states_[from].done, states_[from].last}).second) {
                continue;
            }
            for (uint8_t c = 0; c < order_.width(); ++c) {
                if (c == states_[from].last || !available(states_[from].done, c)) {
                    continue;
                }
                if (extend(from, c)) {
                    return path_to(states_.size() - 1);
                }
                // Leaving this one again: what that costs shows where it stopped.
                states_.back().free ? queue.push_front(states_.size() - 1)
                                    : queue.push_back(states_.size() - 1);
            }
        }
        return {};
    }

  private:
    struct state {
        std::vector<uint32_t> done;
        int64_t from;
        uint8_t last;
        bool free;  // to leave the last context
    };

    [[nodiscard]] bool available(const std::vector<uint32_t>& done, uint8_t c) const {
        if (done[c] == steps_of_[c].size()) {
            return false;
        }
        const uint32_t* needs = order_.clock(steps_of_[c][done[c]]);
        for (size_t i = 0; i < done.size(); ++i) {
            if (i != c && needs[i] > done[i]) {
                return false;
            }
        }
        return true;
    }

    // Goes on with a context for as long as possible. True: the last step of the trail was done.
    bool extend(size_t from, uint8_t c) {
        state s{states_[from].done, static_cast<int64_t>(from), c, true};
        bool end = false;
        while (!end && available(s.done, c)) {
            end = steps_of_[c][s.done[c]++] + 1 == trail_.size();
        }
        if (s.done[c] < steps_of_[c].size()) {
            s.free = may_wait(trail_[steps_of_[c][s.done[c]]].op);
        } else {
            s.free = stands_[c].pc == 0 || may_wait(g.contexts[c].op);
        }
        states_.push_back(std::move(s));
        return end;
    }

    [[nodiscard]] std::vector<run_block> path_to(size_t at) const {
        std::vector<run_block> blocks;
        for (auto i = static_cast<int64_t>(at); i > 0;) {
            const state& s = states_[static_cast<size_t>(i)];
            run_block b{s.last, stands_[s.last]};
            if (s.done[s.last] < steps_of_[s.last].size()) {
                b.until = trail_[steps_of_[s.last][s.done[s.last]]].where;
            }
            blocks.push_back(b);
            i = s.from;
        }
        std::reverse(blocks.begin(), blocks.end());
        return blocks;
    }

    const std::vector<trail_step>& trail_;
    const std::vector<place>& stands_;
    trail_order order_;
    std::vector<std::vector<uint32_t>> steps_of_;
    std::vector<state> states_;
    std::set<std::pair<std::vector<uint32_t>, uint8_t>> expanded_;
};

}  // namespace

std::vector<run_block> with_few_preemptions(const std::vector<trail_step>& trail,
                                            const std::vector<place>& stands) {
    if (trail.empty() || trail.size() > trail_max) {
        return {};
    }
    return order_search(trail, stands).run();
}

}  // namespace sim
