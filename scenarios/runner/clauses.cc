#include "scenarios/runner/clauses.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

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

// More is visible in later rounds, whose schedules are those that can be run now.
bool better(const counterexample& a, const counterexample& b) {
    const auto rank = [](const counterexample& c) {
        return std::make_tuple(~c.choices.visible, c.preemptions, c.choices.size());
    };
    if (rank(a) != rank(b)) {
        return rank(a) < rank(b);
    }
    return std::lexicographical_compare(a.choices.begin(), a.choices.end(), b.choices.begin(),
                                        b.choices.end());
}

// What only some of several equivalent interleavings show may have been passed by.
std::string why_it_never_happened(const expect_clause& c) {
    bool waits = false;
    for_each_atom(c.holds, [&](const atom& a) { waits |= a.kind == atom_kind::blocked; });
    const char* open = "; of equivalent interleavings one is explored, so that this is no proof";
    return c.kind == clause_kind::reach ? fmt::format("it was not reached{}", open)
           : waits                      ? fmt::format("nobody was seen to wait so{}", open)
                                        : "it never happened";
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
            clauses_.push_back({&clause, false, false, {}, schedule_of(s, clause)});
        }
    }
}

clause_set clause_set::always_of_fixed(const script& s, const std::string& variant) {
    clause_set all(s, "fixed", "");
    const bool is_fixed = variant == "fixed" || variant == patched_name;
    std::erase_if(all.clauses_, [&](const tracked_clause& t) {
        const clause_kind kind = t.clause->kind;
        return is_fixed || (kind != clause_kind::forall && kind != clause_kind::final_state);
    });
    return all;
}

void clause_set::judge(const final_look& look, sim::execution_end end, sim::strategy& s) {
    std::optional<counterexample> here;
    const auto look_closer = [&] {
        if (!here) {
            sim::host_scope host;
            here.emplace();
            if (!s.canonical(end, here->choices, here->preemptions)) {
                here->choices = sim::g.choices.recorded();
                here->preemptions = sim::g.preemptions;
            }
        }
    };
    for (tracked_clause& t : clauses_) {
        if (t.clause->kind == clause_kind::on_schedule || is_judged_midway(t.clause->kind) ||
            settled(t)) {
            continue;
        }
        const bool holds = true_of(*t.clause, look, end);
        if (wants_to_happen(t.clause->kind)) {
            holds ? happened(t) : void();
        } else if (!holds) {
            look_closer();
            here->detail = look.summary(t.clause->holds);
            did_not_hold(t, *here);
        }
    }
}

void clause_set::happened(tracked_clause& t) {
    changed_ |= !t.seen;
    t.seen = true;
}

void clause_set::did_not_hold(tracked_clause& t, counterexample c) {
    if (!t.violated || better(c, t.against)) {
        t.violated = changed_ = true;
        t.against = std::move(c);
    }
}

void clause_set::judge_schedule(const std::string& name, const final_look& look,
                                const std::string& problem) {
    for (tracked_clause& t : clauses_) {
        if (t.clause->kind != clause_kind::on_schedule || t.clause->schedule.text != name) {
            continue;
        }
        t.seen = true;
        t.against.choices = sim::g.choices.recorded();
        if (!problem.empty()) {
            t.violated = true;
            t.against.detail = "infeasible: " + problem;
        } else if (!look.holds(t.clause->holds)) {
            t.violated = true;
            t.against.detail = look.summary(t.clause->holds);
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

bool clause_set::names_objects() const {
    bool named = false;
    for (const tracked_clause& t : clauses_) {
        for_each_atom(t.clause->holds, [&](const atom& a) {
            named |= a.kind == atom_kind::bug && !a.words.empty();
        });
    }
    return named;
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
            r.detail = wants ? why_it_never_happened(*t.clause) : t.against.detail;
        }
        list.push_back(r);
    }
    return list;
}

std::vector<broken_report> clause_set::broken(
    const std::function<void(const counterexample&, broken_report&)>& told) const {
    std::vector<broken_report> list;
    for (const tracked_clause& t : clauses_) {
        if (t.violated) {
            const span at = t.clause->at;
            list.push_back({to_text(*t.clause), script_.texts.name(at.file), at.line, -1, "", ""});
            told(t.against, list.back());
        }
    }
    std::stable_sort(list.begin(), list.end(), [](const broken_report& a, const broken_report& b) {
        return a.preemptions < b.preemptions;
    });
    return list;
}

void clause_set::write(sim::byte_writer& to) const {
    to.put_each(clauses_, [](sim::byte_writer& w, const tracked_clause& t) {
        const bool explored = t.clause->kind != clause_kind::on_schedule;
        w.put(explored && t.seen);
        w.put(explored && t.violated);
        const counterexample c = explored ? t.against : counterexample();
        w.put_list<uint8_t>(c.choices);
        w.put(c.choices.visible);
        w.put(c.preemptions);
        w.put_text(c.detail);
    });
}

bool clause_set::take_in(sim::byte_reader& from) {
    if (from.get<uint64_t>() != clauses_.size()) {
        return false;
    }
    for (tracked_clause& t : clauses_) {
        const bool seen = from.get<bool>();
        const bool violated = from.get<bool>();
        counterexample c;
        static_cast<std::vector<uint8_t>&>(c.choices) = from.get_list<uint8_t>();
        c.choices.visible = from.get<uint32_t>();
        c.preemptions = from.get<uint32_t>();
        c.detail = from.get_text();
        if (from.ok() && seen) {
            happened(t);
        }
        if (from.ok() && violated) {
            did_not_hold(t, std::move(c));
        }
    }
    return from.ok();
}

bool clause_set::take_change() {
    return std::exchange(changed_, false);
}

bool clause_set::searches() const {
    return std::any_of(clauses_.begin(), clauses_.end(), [](const tracked_clause& t) {
        return t.clause->kind == clause_kind::reach;
    });
}

}  // namespace scenario
