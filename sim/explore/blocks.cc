#include "sim/explore/blocks.h"

#include <algorithm>

#include "sim/explore/replay.h"

namespace sim {

namespace {

uint64_t mixed(uint64_t x) {
    x ^= x >> 31;
    x *= 0x9e3779b97f4a7c15ULL;
    return x ^ (x >> 29);
}

}  // namespace

uint64_t hash_of(const block_schedule& s) {
    uint64_t h = s.blocks.size();
    for (const run_block& b : s.blocks) {
        h = mixed(h ^ b.until.pc) + b.until.nth;
        h = mixed(h) ^ b.context;
    }
    for (const forced_pick& p : s.picks) {
        h = mixed(h ^ p.alternative) + p.nth;
        h = mixed(h) ^ p.context;
    }
    return mixed(h);
}

void place_counter::clear() {
    used_ = 0;
    if (++stamp_ == 0) {
        std::fill(slots_.begin(), slots_.end(), slot{});
        stamp_ = 1;
    }
}

size_t place_counter::index_of(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    size_t i = mixed(key) & mask;
    while (slots_[i].stamp == stamp_ && slots_[i].key != key) {
        i = (i + 1) & mask;
    }
    return i;
}

namespace {

uint64_t key_of(uint8_t context, uint64_t pc) {
    return pc ^ (uint64_t{context} << 56);
}

}  // namespace

uint32_t place_counter::performed(uint8_t context, uint64_t pc) const {
    const slot& s = slots_[index_of(key_of(context, pc))];
    return s.stamp == stamp_ ? s.count : 0;
}

void place_counter::perform(const context& c) {
    const uint64_t key = key_of(c.id, c.op.pc);
    slot* s = &slots_[index_of(key)];
    if (s->stamp == stamp_) {
        ++s->count;
        return;
    }
    if (++used_ * 2 > slots_.size()) {
        host_scope host;
        std::vector<slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const slot& known : old) {
            if (known.stamp == stamp_) {
                slots_[index_of(known.key)] = known;
            }
        }
        s = &slots_[index_of(key)];
    }
    *s = {key, stamp_, 1};
}

bool trail_recorder::begin() {
    if (!inner_->begin()) {
        return false;
    }
    places_.clear();
    steps_.clear();
    picks_.clear();
    std::fill(std::begin(pick_counts_), std::end(pick_counts_), 0U);
    deviations_ = 0;
    if (before_) {
        before_();
    }
    return true;
}

// The operation of the step before is known in full now; some have none to tell.
void trail_recorder::outcome_of_last() {
    if (!steps_.empty() && !g.history.empty() &&
        g.history.back().context == steps_.back().context) {
        steps_.back().op = g.history.back().op;
    }
}

uint8_t trail_recorder::choose(const choice_view& view) {
    outcome_of_last();
    const uint8_t next = inner_->choose(view);
    if (next >= choose_pause) {
        return next;
    }
    host_scope host;
    const context& c = view.contexts[next];
    trail_step s;
    s.op = c.op;
    s.where = places_.pending(c);
    s.joined = c.joined;
    s.created_at = c.created_at;
    const bool waited = c.op.kind == op_kind::cond_resume || c.op.kind == op_kind::futex_resume;
    if ((waited && c.signalled) || c.op.kind == op_kind::barrier_resume) {
        s.granted_at = c.granted_at;
    }
    s.advanced = g.time_passed_at;
    s.context = next;
    s.parent = static_cast<uint8_t>(c.parent);
    s.preempts = view.current_enabled && next != view.current;
    s.deviates = next != default_choice(view);
    deviations_ += s.deviates;
    steps_.push_back(s);
    places_.perform(c);
    return next;
}

uint32_t trail_recorder::pick(const choice_view& view, uint32_t n) {
    const uint32_t taken = inner_->pick(view, n);
    host_scope host;
    const uint8_t id = view.current < contexts_max ? view.current : 0;
    ++pick_counts_[id];
    if (taken != 0) {
        picks_.push_back({static_cast<uint32_t>(steps_.size()), {id, pick_counts_[id], taken}});
        ++deviations_;
    }
    return taken;
}

void trail_recorder::end(execution_end why) {
    outcome_of_last();
    inner_->end(why);
}

bool block_strategy::begin() {
    at_ = 0;
    std::fill(std::begin(pick_counts_), std::end(pick_counts_), 0U);
    return true;
}

bool block_strategy::is_over(const run_block& b, const choice_view& view) const {
    if ((view.enabled >> b.context & 1) == 0) {
        return true;
    }
    if (b.until.pc == 0) {
        return false;
    }
    const uint32_t performed = places_.performed(b.context, b.until.pc);
    return performed >= b.until.nth ||
           (performed + 1 == b.until.nth && view.contexts[b.context].op.pc == b.until.pc);
}

uint8_t block_strategy::choose(const choice_view& view) {
    while (at_ < schedule_.blocks.size() && is_over(schedule_.blocks[at_], view)) {
        ++at_;
    }
    return at_ < schedule_.blocks.size() ? schedule_.blocks[at_].context : default_choice(view);
}

uint32_t block_strategy::pick(const choice_view& view, uint32_t n) {
    const uint8_t id = view.current < contexts_max ? view.current : 0;
    const uint32_t nth = ++pick_counts_[id];
    for (const forced_pick& p : schedule_.picks) {
        if (p.context == id && p.nth == nth) {
            return std::min(p.alternative, n - 1);
        }
    }
    return 0;
}

block_schedule blocks_of(const trail_recorder& run, size_t steps) {
    const std::vector<trail_step>& all = run.steps();
    steps = std::min(steps, all.size());
    block_schedule s;
    for (size_t i = 0; i < steps; ++i) {
        if (i + 1 < steps && all[i + 1].context == all[i].context) {
            continue;
        }
        run_block b{all[i].context, {}};
        if (i + 1 < steps && all[i + 1].preempts) {
            const auto next =
                std::find_if(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, all.end(),
                             [&](const trail_step& later) { return later.context == b.context; });
            b.until = next != all.end() ? next->where : run.places().pending(g.contexts[b.context]);
        }
        s.blocks.push_back(b);
    }
    for (const trail_pick& p : run.picks()) {
        if (p.step <= steps) {
            s.picks.push_back(p.taken);
        }
    }
    return s;
}

}  // namespace sim
