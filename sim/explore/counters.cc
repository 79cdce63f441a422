#include "sim/explore/counters.h"

#include <algorithm>

#include "sim/dependence.h"
#include "sim/machine/layout.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

bool announced(const operation& op) {
    return op.kind == op_kind::rmw && (op.aux == update_take || op.aux == update_put);
}

// It did what was announced, and the count did not wrap round.
bool is_counting(const operation& op) {
    if (!announced(op) || !op.has_values || (op.before >> (op.size * 8 - 1) & 1) != 0) {
        return false;
    }
    return op.aux == update_take ? op.after == op.before + 1 : op.after + 1 == op.before;
}

bool overlaps(const operation& op, uint64_t object, uint32_t size) {
    return op.object < object + size && object < op.object + std::max<uint64_t>(op.size, 1);
}

bool order_matters(const operation& op) {
    return dependence != dependence_mode::refined || visible_named(op.object - region_base);
}

}  // namespace

void counter_judge::mark(operation& op) {
    const auto depth = static_cast<uint32_t>(log_.analysed());
    forget_from(depth);
    first_new_ = std::min(first_new_, depth);
    const bool counting = is_counting(op) && !order_matters(op);
    if (counting) {
        counting_.push_back(depth);
    }
    op.commutes = counting && op.before != 0 && op.after != 0;
}

void counter_judge::forget_from(size_t depth) {
    while (!counting_.empty() && counting_.back() >= depth) {
        counting_.pop_back();
    }
}

bool counter_judge::commute_there(const operation& asleep, const operation& step) const {
    if (!announced(asleep) || !is_counting(step) || asleep.object != step.object ||
        asleep.size != step.size || order_matters(step)) {
        return false;
    }
    const uint64_t puts = (asleep.aux == update_put ? 1U : 0U) + (step.aux == update_put ? 1U : 0U);
    return step.before > puts;
}

bool counter_judge::above_zero(const reversal& r) const {
    if (r.above_zero == nullptr) {
        return false;
    }
    const logged_event& root = log_.at(r.roots.front());
    int64_t left_out = 0;
    for (size_t depth = r.roots.front(); depth < log_.analysed(); ++depth) {
        const operation& op = log_.at(depth).op;
        if (op.commutes && op.object == r.last.op.object &&
            event_log::includes(log_.clock(depth), root)) {
            left_out += op.aux == update_take ? 1 : -1;
        }
    }
    return 1 - left_out > 1;
}

void counter_judge::add(const logged_event& e, uint32_t depth) {
    const operation& op = e.op;
    auto s = std::find_if(open_.begin(), open_.end(), [&](const stretch& other) {
        return overlaps(op, other.object, other.size);
    });
    if (s != open_.end() && (s->object != op.object || s->size != op.size)) {
        other_write(op);
        return;
    }
    if (s == open_.end()) {
        s = open_.insert(open_.end(), stretch{});
        s->object = op.object;
        s->size = op.size;
        s->at_first = static_cast<int64_t>(op.before);
    }
    s->contexts |= 1ULL << e.context;
    s->fails |= s->zero_reached || op.before == 0;
    if (op.after == 0) {
        s->zero_reached = true;
    } else {
        (op.aux == update_take ? s->takes : s->puts).push_back(depth);
    }
}

void counter_judge::other_write(const operation& op) {
    for (size_t i = open_.size(); i-- > 0;) {
        if (overlaps(op, open_[i].object, open_[i].size)) {
            closed_.push_back(std::move(open_[i]));
            open_.erase(open_.begin() + static_cast<ptrdiff_t>(i));
        }
    }
}

// Counters of which something is new since they were judged last; they are judged by their granules.
void counter_judge::find_changed() {
    changed_.clear();
    for (size_t i = counting_.size(); i-- > 0;) {
        const operation& op = log_.at(counting_[i]).op;
        for (uint64_t granule = object_chains::granule_of(op.object);
             granule <= object_chains::last_granule(op); ++granule) {
            if (std::find(changed_.begin(), changed_.end(), granule) == changed_.end() &&
                (log_.chains().latest(granule) >= static_cast<int64_t>(first_new_) ||
                 is_awaited(granule))) {
                changed_.push_back(granule);
            }
        }
    }
}

bool counter_judge::is_awaited(uint64_t granule) {
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const operation& op = g.contexts[__builtin_ctzll(rest)].op;
        if (op.kind == op_kind::await && object_chains::granule_of(op.object) <= granule &&
            granule <= object_chains::last_granule(op)) {
            return true;
        }
    }
    return false;
}

void counter_judge::collect(uint64_t granule) {
    open_.clear();
    closed_.clear();
    uses_.clear();
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        uses_.push_back(static_cast<uint32_t>(at));
    }
    std::reverse(uses_.begin(), uses_.end());
    for (uint32_t depth : uses_) {
        const operation& op = log_.at(depth).op;
        if (is_counting(op) && !order_matters(op)) {
            add(log_.at(depth), depth);
        } else if (!open_.empty() && use_of(op) == operation_use::write) {
            other_write(op);
        }
    }
    for (stretch& s : open_) {
        closed_.push_back(std::move(s));
    }
    for (uint32_t depth : uses_) {
        awaited(log_.at(depth).op);
    }
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        awaited(g.contexts[__builtin_ctzll(rest)].op);
    }
}

// Who awaits something else than zero sees the values in between.
void counter_judge::awaited(const operation& op) {
    if (op.kind != op_kind::await || awaits_zero(op)) {
        return;
    }
    for (stretch& s : closed_) {
        s.fails |= overlaps(op, s.object, s.size);
    }
}

// Finds a take for the put, moving others to other takes if need be.
bool counter_judge::match(const stretch& s, size_t put) {
    for (size_t t = 0; t < s.takes.size(); ++t) {
        if (tried_[t] || !log_.before(s.takes[t], s.puts[put])) {
            continue;
        }
        tried_[t] = true;
        if (put_of_[t] == s.puts.size() || match(s, put_of_[t])) {
            put_of_[t] = put;
            return true;
        }
    }
    return false;
}

bool counter_judge::stays_above_zero(const stretch& s) {
    int64_t floor = s.at_first;
    put_of_.assign(s.takes.size(), s.puts.size());
    for (size_t put = 0; put < s.puts.size(); ++put) {
        tried_.assign(s.takes.size(), false);
        floor -= match(s, put) ? 0 : 1;
    }
    return floor > 0;
}

void counter_judge::judge() {
    forget_from(log_.size());
    find_changed();
    for (uint64_t granule : changed_) {
        collect(granule);
        for (const stretch& s : closed_) {
            const bool shared = (s.contexts & (s.contexts - 1)) != 0;
            if (shared && (s.fails || !stays_above_zero(s))) {
                visible_found(s.object - region_base);
            }
        }
    }
    first_new_ = ~0U;
}

}  // namespace sim
