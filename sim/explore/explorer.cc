#include "sim/explore/explorer.h"

#include <algorithm>
#include <utility>

#include "sim/explore/replay.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

bool shorter(uint32_t preemptions, const choice_list& list, const found_case& than) {
    if (preemptions != than.preemptions || list.size() != than.choices.size()) {
        return std::make_pair(size_t{preemptions}, list.size()) <
               std::make_pair(size_t{than.preemptions}, than.choices.size());
    }
    return std::lexicographical_compare(list.begin(), list.end(), than.choices.begin(),
                                        than.choices.end());
}

void keep(explore_result& r, const finding& f) {
    for (found_case& old : r.found) {
        if (old.what.same_as(f)) {
            ++old.executions;
            if (shorter(g.preemptions, g.choices, old)) {
                old.what = f;
                old.choices = g.choices.recorded();
                old.preemptions = g.preemptions;
            }
            return;
        }
    }
    r.found.push_back({f, g.choices.recorded(), g.preemptions, 1, r.earlier + r.executions});
}

void count(explore_result& r, execution_end end) {
    if (end == execution_end::pruned) {
        ++r.pruned;
        return;
    }
    ++r.executions;
    r.deadlocked += end == execution_end::deadlock;
    r.step_bounds += end == execution_end::step_bound;
    r.steps += g.steps;
    r.steps_longest = std::max(r.steps_longest, g.steps);
}

// A data race was found whose location was not visible: its two orders, and what follows from them,
// have not been looked at. All begins anew with scheduling points there.
void begin_anew(explore_result& r, strategy& s) {
    visible_apply();
    s.restart();
    explore_result fresh;
    fresh.earlier = r.earlier + r.executions + r.pruned;
    fresh.found = std::move(r.found);
    r = std::move(fresh);
}

}  // namespace

explore_result explore(simulation& subject, strategy& s, const explore_limits& limits,
                       const execution_observer& observer) {
    explore_result r;
    while (r.earlier + r.executions + r.pruned < limits.executions_max) {
        if (!s.begin()) {
            r.complete = true;
            break;
        }
        execution_end end = subject.run(s);
        s.end(end);
        if (end == execution_end::done) {
            subject.final_checks();
        }
        count(r, end);
        if (!g.findings.empty()) {
            r.cut_by_findings |= end == execution_end::fatal;
            for (const finding& f : g.findings) {
                // What follows from a race depends on the order of accesses that are no steps yet; it
                // comes again when they are.
                if (f.kind == finding_kind::data_race || !visible_pending()) {
                    keep(r, f);
                }
            }
            if (limits.stop_at_first) {
                break;
            }
        }
        if (observer && !observer(end)) {
            break;
        }
        if (visible_pending()) {
            begin_anew(r, s);
        }
    }
    r.complete &= r.step_bounds == 0;
    return r;
}

trace replay(simulation& subject, const recorded_choices& choices, execution_end& end,
             bool& diverged) {
    visible_use(choices.visible);
    recorder r;
    r.begin();
    g.record = &r;
    watch_entries(true);
    replay_strategy s(choices);
    s.begin();
    end = subject.run(s);
    if (end == execution_end::done) {
        subject.final_checks();
    }
    g.record = nullptr;
    watch_entries(false);
    diverged = s.diverged();
    return r.take();
}

}  // namespace sim
