#include "scenarios/runner/clauses.h"

#include <fmt/format.h>

#include "scenarios/lang/print.h"
#include "scenarios/lang/walk.h"
#include "scenarios/runner/race.h"
#include "sim/machine/names.h"

namespace scenario {

namespace {

bool names(const std::vector<word>& list, const std::string& name) {
    for (const word& w : list) {
        if (w.text == name) {
            return true;
        }
    }
    return false;
}

bool leak_is_of(const sim::finding& f, const std::vector<word>& kinds) {
    if (kinds.empty()) {
        return true;
    }
    std::string object = sim::describe_address(f.address);
    // Memory without a name may be of any kind.
    if (object.rfind("heap ", 0) == 0) {
        return true;
    }
    for (const word& kind : kinds) {
        if (object.rfind(kind.text, 0) == 0) {
            return true;
        }
    }
    return false;
}

bool has_leak(const std::vector<word>& kinds) {
    for (const sim::finding& f : sim::g.findings) {
        if (f.kind == sim::finding_kind::leak && leak_is_of(f, kinds)) {
            return true;
        }
    }
    return false;
}

// Whether the clause is true of this execution. A state at rest exists only where all have ended.
bool true_of(const expect_clause& c, const final_look& look, sim::execution_end end) {
    switch (c.kind) {
        case clause_kind::no_bug:
            return sim::g.findings.empty();
        case clause_kind::no_leak:
            return !has_leak(c.leaks);
        case clause_kind::no_deadlock:
            return end != sim::execution_end::deadlock;
        case clause_kind::final_state:
            return !look.finished() || look.holds(c.holds);
        default:
            return look.holds(c.holds);
    }
}

bool wants_to_happen(clause_kind kind) {
    return kind == clause_kind::exists || kind == clause_kind::reach;
}

const schedule* schedule_of(const script& s, const expect_clause& c) {
    for (const schedule& one : s.schedules) {
        if (c.kind == clause_kind::on_schedule && one.name.text == c.schedule.text) {
            return &one;
        }
    }
    return nullptr;
}

}  // namespace

bool is_judged_midway(clause_kind kind) {
    return kind == clause_kind::reach || kind == clause_kind::always;
}

clause_set::clause_set(const script& s, const std::string& variant, const std::string& regime)
    : script_(s) {
    const std::string judged = variant == patched_name ? "fixed" : variant;
    for (const expect_block& block : s.expects) {
        bool here = names(block.variants, judged) &&
                    (regime.empty() ? block.regimes.empty() : names(block.regimes, regime));
        if (!here) {
            continue;
        }
        for (const expect_clause& clause : block.clauses) {
            clauses_.push_back({&clause, false, false, {}, "", schedule_of(s, clause)});
        }
    }
}

void clause_set::judge(const final_look& look, sim::execution_end end) {
    for (tracked_clause& t : clauses_) {
        if (t.clause->kind == clause_kind::on_schedule || is_judged_midway(t.clause->kind) ||
            t.seen || t.violated) {
            continue;
        }
        bool holds = true_of(*t.clause, look, end);
        if (wants_to_happen(t.clause->kind)) {
            t.seen = holds;
        } else {
            t.violated = !holds;
        }
        if (t.seen || t.violated) {
            sim::host_scope host;
            t.choices = sim::g.choices.recorded();
            t.detail = t.violated ? look.summary() : "";
        }
    }
}

void clause_set::judge_schedule(const std::string& name, const final_look& look,
                                const std::string& problem) {
    for (tracked_clause& t : clauses_) {
        if (t.clause->kind != clause_kind::on_schedule || t.clause->schedule.text != name) {
            continue;
        }
        t.seen = true;
        t.choices = sim::g.choices.recorded();
        if (!problem.empty()) {
            t.violated = true;
            t.detail = "infeasible: " + problem;
        } else if (!look.holds(t.clause->holds)) {
            t.violated = true;
            t.detail = look.summary();
        }
    }
}

std::vector<const schedule*> clause_set::schedules() const {
    std::vector<const schedule*> wanted;
    for (const schedule& s : script_.schedules) {
        for (const tracked_clause& t : clauses_) {
            if (t.clause->kind == clause_kind::on_schedule &&
                t.clause->schedule.text == s.name.text) {
                wanted.push_back(&s);
                break;
            }
        }
    }
    return wanted;
}

bool clause_set::only_exists() const {
    for (const tracked_clause& t : clauses_) {
        if (!wants_to_happen(t.clause->kind) && t.clause->kind != clause_kind::on_schedule) {
            return false;
        }
    }
    return true;
}

bool clause_set::satisfied_early() const {
    for (const tracked_clause& t : clauses_) {
        if (wants_to_happen(t.clause->kind) && !t.seen) {
            return false;
        }
    }
    return true;
}

bool clause_set::expects_bug(const std::string& kind) const {
    bool expected = false;
    for (const tracked_clause& t : clauses_) {
        if (!wants_to_happen(t.clause->kind) && t.clause->kind != clause_kind::on_schedule) {
            continue;
        }
        for_each_atom(t.clause->holds, [&](const atom& a) {
            expected |= a.kind == atom_kind::bug && (a.subject.empty() || a.subject.text == kind);
        });
    }
    return expected;
}

std::vector<expectation_report> clause_set::report(bool complete) const {
    std::vector<expectation_report> list;
    for (const tracked_clause& t : clauses_) {
        expectation_report r;
        r.text = to_text(*t.clause);
        r.file = script_.texts.name(t.clause->at.file);
        r.line = t.clause->at.line;
        bool wants = wants_to_happen(t.clause->kind);
        r.holds = wants ? t.seen : !t.violated;
        if (t.clause->kind == clause_kind::on_schedule && !t.seen) {
            r.holds = false;
            r.detail = "the schedule was not run";
        }
        r.proved = wants || t.clause->kind == clause_kind::on_schedule || t.violated || complete;
        if (!r.holds && r.detail.empty()) {
            r.detail =
                t.clause->kind == clause_kind::reach
                    ? "it was not reached; of equivalent interleavings one is explored, so that "
                      "this is no proof"
                : wants ? "it never happened"
                        : t.detail;
        }
        list.push_back(r);
    }
    return list;
}

}  // namespace scenario
