#include "sim/explore/trace_counter.h"

#include <algorithm>

#include "sim/dependence.h"
#include "sim/machine/cpus.h"

namespace sim {

namespace {

uint64_t mixed(uint64_t x) {
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93ULL;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93ULL;
    return x ^ (x >> 32);
}

uint64_t key_of(const context& c) {
    const uint64_t above =
        c.parent < contexts_max ? key_of(g.contexts[c.parent]) : 0x9e3779b97f4a7c15ULL;
    // Contexts of the host have no creator that counts them: their numbers are fixed.
    return mixed(above + (c.parent < contexts_max ? c.nth_child : 1000 + c.id));
}

// Everything in the chain before `w` that `e` depends on happens before `w`, too. Where meanings refine
// dependence nobody can know.
bool shields(const operation& w, const operation& e) {
    return dependence == dependence_mode::plain && use_of(w) == operation_use::write &&
           !by_reader(w) && w.object <= e.object && w.object + w.size >= e.object + e.size;
}

}  // namespace

void trace_counter::begin() {
    at_ = pick_ = 0;
    outcome_ = nullptr;
}

void trace_counter::restart() {
    log_.cut(0);
    sums_.clear();
    seen_.clear();
    redundant_ = 0;
    begin();
}

void trace_counter::outcome_of_last() {
    if (outcome_ != nullptr && !g.history.empty() &&
        g.history.back().context == log_.at(at_ - 1).context) {
        *outcome_ = g.history.back().op;
    }
    outcome_ = nullptr;
}

void trace_counter::step(const context& c) {
    host_scope host;
    outcome_of_last();
    if (at_ == log_.size() || log_.at(at_).context != c.id) {
        log_.cut(at_);
        sums_.resize(std::min(sums_.size(), at_));
        outcome_ = log_.append(c);
        keys_[c.id] = key_of(c);
    }
    ++at_;
    pick_ = 0;
}

void trace_counter::picked(uint32_t taken) {
    host_scope host;
    const size_t depth = at_ - 1;
    const size_t nth = log_.picks_begin(depth) + pick_++;
    if (nth < log_.picks_end(depth) && log_.pick(nth).taken == taken) {
        return;
    }
    log_.cut(at_);
    sums_.resize(std::min(sums_.size(), depth));
    if (nth < log_.picks_end(depth)) {
        log_.take_other(nth, taken);
    } else {
        log_.append_pick({0, taken, 0});
    }
}

void trace_counter::join_all(size_t depth, uint32_t* clock) const {
    for (size_t d = depth; d-- > 0;) {
        if (!event_log::includes(clock, log_.at(d))) {
            log_.join(clock, log_.clock(d));
        }
    }
}

// All that touched a CPU is in one line.
void trace_counter::join_latest(uint64_t object, uint32_t* clock) const {
    const int32_t at = log_.chains().latest(object_chains::granule_of(object));
    if (at >= 0) {
        log_.join(clock, log_.clock(static_cast<size_t>(at)));
    }
}

void trace_counter::join_granule(const logged_event& e, uint64_t granule, uint32_t* clock) const {
    const object_chains& chains = log_.chains();
    for (int32_t at = chains.latest(granule); at >= 0; at = chains.earlier(at, granule)) {
        const auto depth = static_cast<size_t>(at);
        const logged_event& earlier = log_.at(depth);
        if (!event_log::includes(clock, earlier) && dependent(earlier.op, e.op)) {
            log_.join(clock, log_.clock(depth));
        }
        if (shields(earlier.op, e.op)) {
            return;
        }
    }
}

void trace_counter::join_dependent(const logged_event& e, uint32_t* clock) const {
    if (e.op.kind == op_kind::process_exit) {
        join_all(log_.analysed(), clock);
        return;
    }
    if (e.op.cpu != 0) {
        join_latest(cpu_object(e.op.cpu - 1U), clock);
    }
    if (use_of(e.op) == operation_use::none) {
        return;
    }
    for (uint64_t granule = object_chains::granule_of(e.op.object);
         granule <= object_chains::last_granule(e.op); ++granule) {
        join_granule(e, granule, clock);
    }
    if (e.op.kind == op_kind::cond_enqueue) {
        join_granule(e, object_chains::granule_of(e.op.object2), clock);
    }
}

trace_hash trace_counter::hash_of(size_t depth) const {
    const logged_event& e = log_.at(depth);
    const uint32_t* clock = log_.clock(depth);
    uint64_t sum = keys_[e.context] * 3;
    for (uint32_t i = 0; i < log_.width(); ++i) {
        sum += clock[i] != 0 ? mixed(keys_[i] + clock[i]) : 0;
    }
    for (size_t k = log_.picks_begin(depth); k < log_.picks_end(depth); ++k) {
        sum = mixed(sum) + log_.pick(k).taken;
    }
    return {mixed(sum), mixed(sum ^ 0x5851f42d4c957f2dULL)};
}

void trace_counter::analyse() {
    while (sums_.size() < log_.size()) {
        const size_t depth = sums_.size();
        if (depth == log_.analysed()) {
            const logged_event& e = log_.next_event();
            uint32_t* clock = log_.next_clock();
            log_.base_clock(e, clock);
            join_dependent(e, clock);
            log_.enter();
        }
        trace_hash sum = depth == 0 ? trace_hash{} : sums_[depth - 1];
        sums_.push_back(sum += hash_of(depth));
    }
}

void trace_counter::end(execution_end why) {
    host_scope host;
    outcome_of_last();
    if (why == execution_end::pruned) {
        return;
    }
    log_.cut(at_);
    sums_.resize(std::min(sums_.size(), at_));
    analyse();
    const bool was_full = seen_.full();
    const bool fresh = seen_.add(at_ == 0 ? trace_hash{} : sums_[at_ - 1]);
    redundant_ += fresh || was_full || seen_.full() ? 0 : 1;
}

}  // namespace sim
