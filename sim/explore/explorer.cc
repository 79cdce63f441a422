#include "sim/explore/explorer.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/check/suppress.h"
#include "sim/explore/replay.h"
#include "sim/machine/cpus.h"
#include "sim/machine/loops.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

bool better(const found_case& a, const found_case& b) {
    const auto rank = [](const found_case& f) {
        return std::make_tuple(f.of_earlier_round, f.preemptions, f.choices.size());
    };
    if (rank(a) != rank(b)) {
        return rank(a) < rank(b);
    }
    return std::lexicographical_compare(a.choices.begin(), a.choices.end(), b.choices.begin(),
                                        b.choices.end());
}

void keep(std::vector<found_case>& found, const found_case& f) {
    for (found_case& old : found) {
        if (old.what.same_as(f.what)) {
            const uint64_t executions = old.executions + f.executions;
            if (better(f, old)) {
                old = f;
            }
            old.executions = executions;
            return;
        }
    }
    found.push_back(f);
}

void keep_allowed(std::vector<allowed_case>& allowed, const allowed_case& more) {
    const auto at = std::lower_bound(
        allowed.begin(), allowed.end(), more,
        [](const allowed_case& a, const allowed_case& b) { return a.number < b.number; });
    if (at != allowed.end() && at->number == more.number) {
        at->executions += more.executions;
    } else {
        allowed.insert(at, more);
    }
}

// The execution that has just ended.
found_case case_of(strategy& s, execution_end end) {
    found_case one;
    one.executions = 1;
    const bool analysed = end != execution_end::step_bound || !visible_pending();
    if (!analysed || !s.canonical(end, one.choices, one.preemptions)) {
        one.choices = g.choices.recorded();
        one.preemptions = g.preemptions;
    }
    return one;
}

void keep_unended(found_case& old, found_case f) {
    if (!f.choices.empty() && (old.choices.empty() || better(f, old))) {
        old = std::move(f);
    }
}

void keep_all(explore_result& r, strategy& s, execution_end end) {
    found_case one = case_of(s, end);
    for (const finding& f : g.findings) {
        // What follows from a race depends on the order of accesses that are no steps yet; it comes
        // again when they are.
        if (f.kind == finding_kind::data_race || !visible_pending()) {
            one.what = f;
            keep(r.found, one);
        }
    }
}

// As with findings: what follows from a race comes again.
void keep_all_allowed(explore_result& r) {
    for (const allowed_finding& a : allowed_now()) {
        if (a.kind == finding_kind::data_race || !visible_pending()) {
            keep_allowed(r.allowed, {a.number, 1});
        }
    }
}

void count(explore_result& r, execution_end end) {
    if (end == execution_end::pruned) {
        ++r.pruned;
        r.unaccounted += std::exchange(cpus_unaccounted, false) ? 1 : 0;
        return;
    }
    ++r.executions;
    r.deadlocked += end == execution_end::deadlock;
    r.step_bounds += end == execution_end::step_bound;
    r.steps += g.steps;
    r.steps_longest = std::max(r.steps_longest, g.steps);
}

// A data race was found whose location was not visible: its two orders, and what follows from them,
// have not been looked at. Or an execution did not end, and goes round where nobody is held back. All begins
// anew with scheduling points there, or fairly.
void begin_anew(explore_result& r, strategy& s) {
    visible_apply();
    s.restart();
    next_round(r);
}

}  // namespace

void sort_cases(std::vector<found_case>& found) {
    std::sort(found.begin(), found.end(), [](const found_case& a, const found_case& b) {
        if (better(a, b) != better(b, a)) {
            return better(a, b);
        }
        return std::tie(a.what.kind, a.what.pc, a.what.other_pc, a.what.text) <
               std::tie(b.what.kind, b.what.pc, b.what.other_pc, b.what.text);
    });
}

void next_round(explore_result& r) {
    explore_result fresh;
    fresh.earlier = r.earlier + r.executions + r.pruned;
    fresh.found = std::move(r.found);
    fresh.learned = std::move(r.learned);
    fresh.allowed = std::move(r.allowed);
    for (allowed_case& a : fresh.allowed) {
        a.executions = 0;
    }
    for (found_case& f : fresh.found) {
        f.of_earlier_round = true;
        f.executions = 0;
    }
    r = std::move(fresh);
}

void merge(explore_result& into, const explore_result& more) {
    into.executions += more.executions;
    into.pruned += more.pruned;
    into.deadlocked += more.deadlocked;
    into.steps += more.steps;
    into.step_bounds += more.step_bounds;
    into.unaccounted += more.unaccounted;
    into.steps_longest = std::max(into.steps_longest, more.steps_longest);
    into.cut_by_findings |= more.cut_by_findings;
    for (const found_case& f : more.found) {
        keep(into.found, f);
    }
    merge_lessons(into.learned, more.learned);
    for (const allowed_case& a : more.allowed) {
        keep_allowed(into.allowed, a);
    }
    keep_unended(into.unended, more.unended);
}

explore_result explore(simulation& subject, strategy& s, const explore_limits& limits,
                       const execution_observer& observer) {
    explore_result r;
    uint64_t in_vain = 0;
    while (r.earlier + r.executions + r.pruned - in_vain < limits.executions_max) {
        if (!s.begin()) {
            r.complete = true;
            break;
        }
        execution_end end = subject.run(s);
        if (end == execution_end::step_bound) {
            end_watch_learn();
        }
        s.end(end);
        const bool counts = !s.in_vain();
        end = counts ? end : execution_end::pruned;
        in_vain += counts ? 0 : 1;
        if (end == execution_end::done) {
            subject.final_checks();
        }
        count(r, end);
        if (end == execution_end::step_bound && !visible_pending()) {
            keep_unended(r.unended, case_of(s, end));
        }
        if (counts) {
            keep_all_allowed(r);
            r.cut_by_findings |= end == execution_end::fatal;
        }
        if (counts && !g.findings.empty()) {
            keep_all(r, s, end);
            if (limits.stop_at_first) {
                break;
            }
        }
        if (observer && !observer(end)) {
            break;
        }
        if (visible_pending()) {
            if (!limits.begins_anew) {
                break;
            }
            begin_anew(r, s);
        }
    }
    r.complete &= r.all_followed() && !s.may_have_missed();
    r.learned = learned_lessons();
    return r;
}

trace record(simulation& subject, strategy& s, execution_end& end) {
    recorder r;
    r.begin();
    g.record = &r;
    watch_entries(true);
    s.begin();
    end = subject.run(s);
    if (end == execution_end::done) {
        subject.final_checks();
    }
    g.record = nullptr;
    watch_entries(false);
    return r.take();
}

trace replay(simulation& subject, const recorded_choices& choices, execution_end& end,
             bool& diverged) {
    visible_use(choices.visible);
    replay_strategy s(choices);
    trace t = record(subject, s, end);
    diverged = s.diverged();
    return t;
}

}  // namespace sim
