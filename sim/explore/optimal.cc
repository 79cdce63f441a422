#include "sim/explore/optimal.h"

#include <utility>

#include "sim/dependence.h"
#include "sim/machine/cpus.h"
#include "sim/machine/fair.h"
#include "sim/machine/schedule.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/visible.h"

namespace sim {

size_t optimal_strategy::sleep_end(size_t depth) const {
    return depth + 1 < used_ ? path_[depth + 1].sleep_begin : asleep_.size();
}

// The events below `depth` are run again before anybody is asked, from the nearest snapshot on that is not
// behind event `branch`.
void optimal_strategy::follow(size_t branch, size_t depth) {
    checkpoints_.branch(branch);
    begin_ = checkpoints_.depth();
    g.plan = log_.choices_to(begin_);
    g.plan_end = log_.choices_to(depth);
}

// The last data choice of the event that has another alternative left.
bool optimal_strategy::next_alternative(size_t depth) {
    if (!path_[depth].picks.empty()) {
        return false;
    }
    for (size_t k = log_.picks_end(depth); k-- > log_.picks_begin(depth) + first_open(depth);) {
        const data_choice& p = log_.pick(k);
        const uint32_t next = next_allowed(p.excluded, p.taken + 1);
        if (next >= p.count) {
            continue;
        }
        log_.cut(depth + 1);
        log_.take_other(k, next);
        path_[depth].plan = -1;
        follow(depth, depth + 1);
        branching_ = false;
        return true;
    }
    return false;
}

// The step that is explored from a node, as it will sleep there.
sleeper optimal_strategy::as_sleeper(size_t depth) const {
    const node& n = path_[depth];
    const logged_event& step = log_.at(depth);
    planned_picks picks;
    if (!n.picks.empty()) {
        picks = {n.picks, log_.pick(step.picks_begin).count};
    }
    sleeper s = make_sleeper(step.op, step.context, n.picks.empty() ? nullptr : &picks);
    s.firm = s.whole || n.firm;
    if (n.cut) {
        s.op.kind = op_kind::process_exit;  // nothing came after it, so it stands for nothing else
    }
    return s;
}

// The step chosen at a node, or what was planned of it, has been explored.
void optimal_strategy::fall_asleep(size_t depth) {
    node& n = path_[depth];
    sleepers_.push_back(as_sleeper(depth));
    ++n.done;
    add_asleep(n, static_cast<uint32_t>(sleepers_.size() - 1));
}

bool optimal_strategy::next_branch(size_t depth) {
    const int32_t first = path_[depth].siblings;
    if (first < 0) {
        return false;
    }
    fall_asleep(depth);
    log_.cut(depth);
    take_plan(first);
    follow(depth, depth);
    branching_ = true;
    return true;
}

// The first of a list of planned branches becomes what the last node does.
bool optimal_strategy::take_plan(int32_t first) {
    node& n = path_[used_ - 1];
    if (first < 0) {
        return false;
    }
    wakeup_node& planned = forest_.at(first);
    n.chosen = planned.context;
    n.siblings = planned.next;
    n.plan = planned.child;
    n.picks.clear();
    if (planned.picks != nullptr) {
        n.picks = std::move(planned.picks->taken);
    }
    n.planned = {planned.op.object, planned.op.kind, planned.context};
    n.excluded = n.partly && n.picks.empty() ? sleeping(n.sleep_begin, n.chosen) : 0;
    n.cut = false;
    forest_.fetch(n.plan);
    forest_.release(first);
    return true;
}

bool optimal_strategy::begin() {
    in_vain_ = false;
    if (begins_again_) {
        forget();
        following_ = shared_ != 0 && !probing();
        sent_up_.clear();
    }
    if (!started_) {
        started_ = true;
        branching_ = false;
        follow(0, 0);
        return true;
    }
    for (; used_ > 0; --used_) {
        const size_t depth = used_ - 1;
        if (next_alternative(depth)) {
            return true;
        }
        if (depth < shared_) {
            log_.cut(depth + 1);
            return false;  // what else there is from there is not this unit's
        }
        if (next_branch(depth)) {
            return true;
        }
        asleep_.resize(path_[depth].sleep_begin);
        sleepers_.resize(path_[depth].sleepers_made);
    }
    log_.cut(0);
    return false;
}

void optimal_strategy::add_asleep(node& n, uint32_t number) {
    const sleeper& s = sleepers_[number];
    asleep_.push_back(number);
    n.whole |= s.whole ? 1ULL << s.context : 0;
    n.partly |= !s.whole;
    n.firm &= s.firm;
}

// Who slept before, and was not concerned by the step taken, sleeps on.
void optimal_strategy::inherit_sleep(node& n) {
    const size_t begin = path_[used_ - 2].sleep_begin;
    const size_t end = n.sleep_begin;
    const logged_event& step = log_.at(log_.size() - 1);
    for (size_t i = begin; i < end; ++i) {
        const sleeper& s = sleepers_[asleep_[i]];
        if (s.context != step.context &&
            (!dependent(s.op, step.op) || counters_.commute_there(s.op, step.op))) {
            add_asleep(n, asleep_[i]);
        }
    }
}

void optimal_strategy::new_node(const choice_view& view) {
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    const int32_t plan = used_ == 0 ? -1 : path_[used_ - 1].plan;
    node& n = path_[used_++];
    n.sleep_begin = static_cast<uint32_t>(asleep_.size());
    n.sleepers_made = static_cast<uint32_t>(sleepers_.size());
    n.siblings = n.plan = -1;
    n.whole = n.excluded = 0;
    n.done = 0;
    n.cut = n.partly = false;
    n.firm = true;
    n.picks.clear();
    if (used_ > 1) {
        inherit_sleep(n);
    }
    if (!take_plan(plan)) {
        choose_awake(n, view);
    }
}

void optimal_strategy::choose_awake(node& n, const choice_view& view) const {
    uint64_t awake = view.enabled & ~n.whole;
    for (size_t i = n.sleep_begin; n.partly && i < asleep_.size(); ++i) {
        const uint8_t context = sleepers_[asleep_[i]].context;
        bool whole = false;
        sleeping(n.sleep_begin, context, &whole);
        awake &= ~(whole ? 1ULL << context : 0);
    }
    if (awake == 0) {
        n.chosen = choose_stop;
        return;
    }
    awake = in_good_order(awake);
    n.chosen = view.current_enabled && (awake >> view.current & 1) != 0
                   ? view.current
                   : static_cast<uint8_t>(__builtin_ctzll(awake));
    if (n.partly) {
        n.excluded = sleeping(n.sleep_begin, n.chosen);
    }
}

// Awaits that hold are passed at once; who waits for others goes first, who waits most often before the rest,
// and who makes them wait goes last: so awaits are seldom passed late. In a probe the lowest goes first, or the highest.
uint64_t optimal_strategy::in_good_order(uint64_t awake) const {
    if (probing()) {
        return probes_ == 1 ? awake & -awake : 1ULL << (63 - __builtin_clzll(awake));
    }
    for (uint64_t rest = g.awaiting != 0 ? awake : 0; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        if (c.op.kind == op_kind::await) {
            return c.bit;
        }
    }
    const await_order& known = races_.order();
    const uint64_t others = awake & ~known.hold_up;
    if ((others & known.wait) != 0) {
        return known.most_waiting(others & known.wait);
    }
    return others != 0 ? others : awake;
}

// Which alternatives of a context's step sleep, and whether that is all of it.
uint64_t optimal_strategy::sleeping(size_t begin, uint8_t context, bool* whole) const {
    uint64_t alternatives = 0;
    uint32_t count = 0;
    bool all = false;
    for (size_t i = begin; i < asleep_.size(); ++i) {
        const sleeper& s = sleepers_[asleep_[i]];
        if (s.context == context) {
            all |= s.whole;
            alternatives |= s.alternatives;
            count = s.count > count ? s.count : count;
        }
    }
    if (whole != nullptr) {
        *whole = all || (count != 0 && next_allowed(alternatives, 0) >= count);
    }
    return alternatives;
}

void optimal_strategy::snapshot_made(unsigned level) {
    checkpoints_.made(log_.size(), level);
}

uint8_t optimal_strategy::choose(const choice_view& view) {
    host_scope host;
    g.keep_operations = true;
    if (checkpoints_.wanted(log_.size()) && snapshot_possible()) {
        return choose_pause;
    }
    if (follows(log_.size())) {
        return along_path(view);
    }
    if (branching_) {
        branching_ = false;
        const node& n = path_[used_ - 1];
        must_be(n.planned, view.contexts[n.chosen]);
    } else {
        const int32_t plan = used_ == 0 ? -1 : path_[used_ - 1].plan;
        if (plan >= 0) {
            const wakeup_node& w = forest_.at(plan);
            must_be({w.op.object, w.op.kind, w.context}, view.contexts[w.context]);
        }
        new_node(view);
    }
    node& n = path_[used_ - 1];
    if (n.chosen == choose_stop) {
        ++sleep_blocked_;
        in_vain_ = true;
        asleep_.resize(n.sleep_begin);
        --used_;
        return choose_stop;
    }
    HEDDLE_ASSERT((view.enabled >> n.chosen & 1) != 0);
    n.enabled = view.enabled;
    mark_late(n, view.contexts[n.chosen]);
    g.outcome = log_.append(view.contexts[n.chosen]);
    return n.chosen;
}

// The step leads to an execution that another one stands for (bypasses.h), or follows such a step.
void optimal_strategy::mark_late(node& n, const context& chosen) {
    n.late = used_ > 1 && path_[used_ - 2].late;
    if (!n.late && only_awaits(chosen.op)) {
        analyse();
        n.late = races_.passed_late(chosen);
    }
}

uint32_t optimal_strategy::pick(const choice_view&, uint32_t count) {
    const node& n = path_[used_ - 1];
    const size_t last = log_.size() - 1;
    const size_t nth = log_.picks_end(last) - log_.picks_begin(last);
    if (const data_choice* given = given_pick_or_null(nth); given != nullptr) {
        HEDDLE_ASSERT(given->count == count);
        log_.append_pick(*given);
        return given->taken;
    }
    const uint64_t excluded = nth == 0 ? n.excluded : 0;
    const uint32_t taken = nth < n.picks.size() ? n.picks[nth] : next_allowed(excluded, 0);
    HEDDLE_ASSERT(taken < count);
    log_.append_pick({count, taken, excluded});
    return taken;
}

// What does not happen after the race's roots, then the operation that could come before them. Of what comes
// after the roots only since a write was performed after an await: all, or what the operation needs.
// False: a context that sleeps there as a whole could begin it.
bool optimal_strategy::fill_sequence(const reversal& r, bool all) {
    const size_t depth = r.roots.front();
    const uint64_t asleep = path_[depth].whole;
    const bool one = r.roots.size() == 1;
    const logged_event& root = log_.at(depth);
    const uint32_t* clock = counters_.above_zero(r) ? r.above_zero : r.clock;
    sequence_.begin(r.last, clock);
    later_.begin();
    const bool awaited = races_.awaited();
    if (awaited) {
        later_.add(static_cast<uint32_t>(depth), true);
    }
    for (size_t d = depth + 1; d < r.end; ++d) {
        bool later = event_log::includes(log_.clock(d), root);
        for (size_t i = 1; !one && i < r.roots.size(); ++i) {
            later |= log_.before(r.roots[i], d);
        }
        if (awaited && later_.add(static_cast<uint32_t>(d), later) && !later) {
            later = !all && !event_log::includes(clock, log_.at(d));
            two_ways_ |= all;
        }
        if (later) {
            continue;
        }
        sequence_.add(static_cast<uint32_t>(d));
        if ((sequence_.initials() & asleep) != 0) {
            return false;
        }
    }
    sequence_.add_last();
    return (sequence_.initials() & asleep) == 0;
}

bool optimal_strategy::covered_by_sleep(size_t depth) const {
    for (size_t i = path_[depth].sleep_begin; i < sleep_end(depth); ++i) {
        if (covers(sleepers_[asleep_[i]], sequence_)) {
            return true;
        }
    }
    return false;
}

void optimal_strategy::reverse(const reversal& r) {
    if (log_.analysed() < first_new_) {
        return;  // who went there first has seen it
    }
    two_ways_ = false;
    reverse(r, true);
    if (two_ways_) {
        reverse(r, false);
    }
}

void optimal_strategy::reverse(const reversal& r, bool all) {
    const size_t depth = r.roots.front();
    if (!fill_sequence(r, all) || covered_by_sleep(depth)) {
        return;
    }
    std::vector<alternatives> explored;
    std::vector<alternatives> begins;
    for (size_t i = path_[depth].sleep_begin; path_[depth].partly && i < sleep_end(depth); ++i) {
        const sleeper& s = sleepers_[asleep_[i]];
        if (add_explored(explored, s, sequence_) || add_beginning(begins, s, sequence_)) {
            return;
        }
    }
    if (depth < shared_) {
        send_up(depth, std::move(explored));
        return;
    }
    if (!path_[depth].firm) {
        sequence_.end_with_alternatives();
    }
    forest_.insert(path_[depth].siblings, sequence_, std::move(explored));
}

void optimal_strategy::analyse() {
    while (log_.analysed() < log_.size()) {
        counters_.mark(log_.next_event().op);
        races_.next();
    }
}

void optimal_strategy::time_passes() {
    if (g.plan != g.plan_end || branching_ || (following_ && log_.size() < shared_)) {
        return;  // looked at when it happened first
    }
    host_scope host;
    analyse();
    for (uint64_t rest = g.live & ~(with_cpus(g.enabled) | fair_waiting()); rest != 0;
         rest &= rest - 1) {
        races_.blocked(g.contexts[__builtin_ctzll(rest)]);
    }
}

void optimal_strategy::end(execution_end why) {
    if (why == execution_end::step_bound && visible_pending()) {
        g.plan = g.plan_end = nullptr;
        following_ = false;
        return;  // all begins anew: what could have come before each step of a loop is much
    }
    checkpoints_.ended(log_.size(), log_.size() - begin_, g.accesses, g.context_count);
    analyse();
    counters_.judge();
    if (g.plan != g.plan_end) {
        plan_not_followed(*g.plan);  // it ended before it came to where it branched
    }
    g.plan = g.plan_end = nullptr;
    HEDDLE_ASSERT(log_.size() >= shared_ || probing());
    following_ = false;
    if (why != execution_end::pruned) {
        races_.ended();
    }
    judge_worth();
    const bool unfinished = why == execution_end::fatal || why == execution_end::step_bound;
    const bool cut = log_.size() != 0 &&
                     (unfinished || log_.at(log_.size() - 1).op.kind == op_kind::process_exit);
    if (cut && unfinished) {
        path_[used_ - 1].cut = true;
    }
    const uint64_t can = with_cpus(g.enabled);
    for (uint64_t rest = g.live & ~fair_waiting(); rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        // What the last step let go on could not have gone on before it.
        if ((can & c.bit) == 0 || (cut && (path_[used_ - 1].enabled & c.bit) == 0)) {
            races_.blocked(c);
        } else if (cut && c.id != log_.at(log_.size() - 1).context) {
            races_.cut_off(c, static_cast<uint32_t>(log_.size() - 1));
        }
    }
}

// Is this execution one of those that others stand for? One that was done before it was known who should go
// first is done again, after two more that are to show that.
void optimal_strategy::judge_worth() {
    in_vain_ |= used_ != 0 && path_[used_ - 1].late;
    if (probes_ < probes_enough) {
        begins_again_ = probing() || races_.awaits_one();
        in_vain_ |= begins_again_;
        probes_ = begins_again_ ? probes_ + 1 : probes_enough;
    }
    // A race that begins everything anew is not found again.
    in_vain_ &= !visible_pending();
    executions_in_vain_ += in_vain_ ? 1 : 0;
}

void optimal_strategy::restart() {
    begin_unit({});
    sleep_blocked_ = executions_in_vain_ = 0;
}

void optimal_strategy::forget() {
    used_ = 0;
    checkpoints_.clear();
    log_.cut(0);
    forest_ = wakeup_forest();
    asleep_.clear();
    sleepers_.clear();
    started_ = branching_ = begins_again_ = false;
}

}  // namespace sim
