#include "sim/explore/optimal.h"

#include "sim/dependence.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

bool same_alternative(uint64_t alternatives, const std::vector<uint32_t>& picks) {
    return picks.size() == 1 && picks[0] < 64 && (alternatives >> picks[0] & 1) != 0;
}

uint32_t next_allowed(uint64_t excluded, uint32_t at) {
    while (at < 64 && (excluded >> at & 1) != 0) {
        ++at;
    }
    return at;
}

}  // namespace

size_t optimal_strategy::sleep_end(size_t depth) const {
    return depth + 1 < used_ ? path_[depth + 1].sleep_begin : asleep_.size();
}

// What is run again before anybody is asked: the events below `depth`, from the nearest snapshot on that
// is not behind event `branch`.
void optimal_strategy::make_prefix(size_t branch, size_t depth) {
    checkpoints_.branch(branch);
    begin_ = checkpoints_.depth();
    prefix_.clear();
    for (size_t d = begin_; d < depth; ++d) {
        const logged_event& e = log_.at(d);
        prefix_.push_back({e.op.object, e.op.kind, e.context});
        for (size_t k = log_.at(d).picks_begin; k < log_.picks_end(d); ++k) {
            prefix_.push_back({e.op.object, e.op.kind,
                               static_cast<uint8_t>(choice_is_data | log_.picks[k].taken)});
        }
    }
    g.plan = prefix_.data();
    g.plan_end = prefix_.data() + prefix_.size();
}

// The last data choice of the event that has another alternative left.
bool optimal_strategy::next_alternative(size_t depth) {
    if (!path_[depth].picks.empty()) {
        return false;
    }
    for (size_t k = log_.picks.size(); k-- > log_.at(depth).picks_begin;) {
        data_choice& p = log_.picks[k];
        const uint32_t next = next_allowed(p.excluded, p.taken + 1);
        if (next >= p.count) {
            continue;
        }
        p.taken = next;
        log_.picks.resize(k + 1);
        path_[depth].plan = -1;
        make_prefix(depth, depth + 1);
        branching_ = false;
        return true;
    }
    return false;
}

bool optimal_strategy::next_branch(size_t depth) {
    node& n = path_[depth];
    const logged_event& step = log_.at(depth);
    sleeper s;
    s.op = step.op;
    if (n.cut) {
        s.op.kind = op_kind::process_exit;  // nothing came after it, so it stands for nothing else
    }
    s.context = step.context;
    s.whole = n.picks.empty();
    if (!s.whole) {
        s.count = log_.picks[step.picks_begin].count;
        s.alternatives = n.picks.size() == 1 && n.picks[0] < 64 ? 1ULL << n.picks[0] : 0;
    }
    asleep_.push_back(s);
    ++n.done;
    log_.cut(depth);
    if (n.siblings < 0) {
        return false;
    }
    const int32_t first = n.siblings;
    take_plan(first);
    make_prefix(depth, depth);
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
    n.picks = planned.picks;
    n.planned = planned.op;
    n.excluded = 0;
    n.cut = false;
    forest_.release(first);
    return true;
}

bool optimal_strategy::begin() {
    if (!started_) {
        started_ = true;
        branching_ = false;
        make_prefix(0, 0);
        return true;
    }
    while (used_ > 0) {
        const size_t depth = used_ - 1;
        log_.cut(depth + 1);
        if (next_alternative(depth) || next_branch(depth)) {
            return true;
        }
        asleep_.resize(path_[depth].sleep_begin);
        --used_;
    }
    return false;
}

// What was chosen last has been performed by now.
void optimal_strategy::outcome_of_last() {
    if (!g.history.empty()) {
        const step_record& last = g.history.back();
        if (log_.size() != 0 && log_.at(log_.size() - 1).context == last.context) {
            log_.performed(last.op);
        }
        g.history.clear();
    }
}

// Who slept before, and was not concerned by the step taken, sleeps on.
void optimal_strategy::inherit_sleep() {
    const size_t begin = path_[used_ - 1].sleep_begin;
    const size_t end = asleep_.size();
    const logged_event& step = log_.at(log_.size() - 1);
    for (size_t i = begin; i < end; ++i) {
        if (asleep_[i].context != step.context && !dependent(asleep_[i].op, step.op)) {
            asleep_.push_back(asleep_[i]);
        }
    }
}

void optimal_strategy::new_node(const choice_view& view) {
    const auto sleep_begin = static_cast<uint32_t>(asleep_.size());
    if (used_ != 0 && asleep_.size() != path_[used_ - 1].sleep_begin) {
        inherit_sleep();
    }
    if (used_ == path_.size()) {
        path_.emplace_back();
    }
    const int32_t plan = used_ == 0 ? -1 : path_[used_ - 1].plan;
    node& n = path_[used_++];
    n.sleep_begin = sleep_begin;
    n.siblings = n.plan = -1;
    n.excluded = 0;
    n.cut = false;
    n.done = 0;
    n.picks.clear();
    if (take_plan(plan)) {
        return;
    }
    uint64_t awake = view.enabled;
    for (size_t i = sleep_begin; i < asleep_.size(); ++i) {
        uint32_t count = 0;
        bool whole = false;
        sleeping(sleep_begin, asleep_[i].context, count, whole);
        if (whole) {
            awake &= ~(1ULL << asleep_[i].context);
        }
    }
    if (awake == 0) {
        n.chosen = choose_stop;
        return;
    }
    n.chosen = view.current_enabled && (awake >> view.current & 1) != 0
                   ? view.current
                   : static_cast<uint8_t>(__builtin_ctzll(awake));
    uint32_t count = 0;
    bool whole = false;
    n.excluded = sleeping(sleep_begin, n.chosen, count, whole);
}

// Which alternatives of a context's step sleep, and whether that is all of it.
uint64_t optimal_strategy::sleeping(size_t begin, uint8_t context, uint32_t& count,
                                    bool& whole) const {
    uint64_t alternatives = 0;
    for (size_t i = begin; i < asleep_.size(); ++i) {
        const sleeper& s = asleep_[i];
        if (s.context == context) {
            whole |= s.whole;
            alternatives |= s.alternatives;
            count = s.count > count ? s.count : count;
        }
    }
    whole |= count != 0 && next_allowed(alternatives, 0) >= count;
    return alternatives;
}

void optimal_strategy::snapshot_made(unsigned level) {
    checkpoints_.made(log_.size(), level);
}

uint8_t optimal_strategy::choose(const choice_view& view) {
    host_scope host;
    if (g.shared_cpus) {
        met_shared_cpus_ = true;
        return choose_stop;
    }
    g.keep_operations = true;
    outcome_of_last();
    if (checkpoints_.wanted(log_.size())) {
        return choose_pause;
    }
    if (branching_) {
        branching_ = false;
        const node& n = path_[used_ - 1];
        must_be({n.planned.object, n.planned.kind, n.chosen}, view.contexts[n.chosen]);
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
        asleep_.resize(n.sleep_begin);
        --used_;
        return choose_stop;
    }
    HEDDLE_ASSERT((view.enabled >> n.chosen & 1) != 0);
    n.enabled = view.enabled;
    log_.append(view.contexts[n.chosen]);
    return n.chosen;
}

uint32_t optimal_strategy::pick(const choice_view&, uint32_t count) {
    const node& n = path_[used_ - 1];
    const size_t nth = log_.picks.size() - log_.at(log_.size() - 1).picks_begin;
    const uint64_t excluded = nth == 0 ? n.excluded : 0;
    const uint32_t taken = nth < n.picks.size() ? n.picks[nth] : next_allowed(excluded, 0);
    HEDDLE_ASSERT(taken < count);
    log_.picks.push_back({count, taken, excluded});
    return taken;
}

bool optimal_strategy::covered_by_sleep(size_t depth, wakeup_sequence& v) const {
    for (size_t i = path_[depth].sleep_begin; i < sleep_end(depth); ++i) {
        const sleeper& s = asleep_[i];
        const size_t step = v.first_of(s.context);
        if (step < v.size()) {
            if (v.is_initial(step) &&
                (s.whole || same_alternative(s.alternatives, v.picks(step)))) {
                return true;
            }
        } else if (s.whole && v.independent(s.op)) {
            return true;
        }
    }
    return false;
}

void optimal_strategy::reverse(const reversal& r) {
    const size_t depth = r.roots.front();
    wakeup_sequence v(log_, r.last, r.clock);
    const size_t end = log_.analysed();
    for (size_t d = depth + 1; d < end; ++d) {
        bool later = false;
        for (uint32_t root : r.roots) {
            later |= log_.before(root, d);
        }
        if (!later) {
            v.add(static_cast<uint32_t>(d));
        }
    }
    if (covered_by_sleep(depth, v)) {
        return;
    }
    std::vector<alternatives> explored;
    for (size_t i = path_[depth].sleep_begin; i < sleep_end(depth); ++i) {
        const sleeper& s = asleep_[i];
        if (!s.whole && v.first_of(s.context) == v.size() && v.independent(s.op) &&
            alternatives::add(explored, {s.context, s.count, s.alternatives})) {
            return;
        }
    }
    forest_.insert(path_[depth].siblings, v, std::move(explored));
}

void optimal_strategy::analyse() {
    const reversal_sink sink = [this](const reversal& r) { reverse(r); };
    while (log_.analysed() < log_.size()) {
        races_.next(sink);
    }
}

void optimal_strategy::time_passes() {
    if (g.plan != g.plan_end || branching_) {
        return;  // looked at when it happened first
    }
    host_scope host;
    outcome_of_last();
    analyse();
    for (uint64_t rest = g.live & ~g.enabled; rest != 0; rest &= rest - 1) {
        races_.blocked(g.contexts[__builtin_ctzll(rest)],
                       [this](const reversal& r) { reverse(r); });
    }
}

void optimal_strategy::end(execution_end why) {
    outcome_of_last();
    checkpoints_.ended(log_.size(), log_.size() - begin_, g.accesses);
    analyse();
    if (g.plan != g.plan_end) {
        plan_not_followed(*g.plan);  // it ended before it came to where it branched
    }
    g.plan = g.plan_end = nullptr;
    const reversal_sink sink = [this](const reversal& r) { reverse(r); };
    const bool unfinished = why == execution_end::fatal || why == execution_end::step_bound;
    const bool cut = log_.size() != 0 &&
                     (unfinished || log_.at(log_.size() - 1).op.kind == op_kind::process_exit);
    if (cut && unfinished) {
        path_[used_ - 1].cut = true;
    }
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        // What the last step let go on could not have gone on before it.
        if ((g.enabled & c.bit) == 0 || (cut && (path_[used_ - 1].enabled & c.bit) == 0)) {
            races_.blocked(c, sink);
        } else if (cut && c.id != log_.at(log_.size() - 1).context) {
            races_.cut_off(c, static_cast<uint32_t>(log_.size() - 1), sink);
        }
    }
}

void optimal_strategy::restart() {
    used_ = 0;
    checkpoints_.clear();
    log_.cut(0);
    forest_ = wakeup_forest();
    asleep_.clear();
    started_ = branching_ = false;
    sleep_blocked_ = 0;
}

}  // namespace sim
