#include "sim/check/invariant.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "sim/check/access_log.h"
#include "sim/check/check_bits.h"
#include "sim/check/describe.h"
#include "sim/check/journal.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

// Of one that is tied to a lock, by its place in the list.
struct seen_holding {
    size_t number;
    uint32_t
        step;  // of the release at which it held for the last time; 0: before the race, or never
    uint8_t context;
    bool broken;  // it did not hold at the last release
};

journalled_list<seen_holding> seen;
std::vector<std::vector<uint64_t>> calls_when_held;  // of each, while all is written down

size_t seen_of(size_t number) {
    for (size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].number == number) {
            return i;
        }
    }
    seen.push_back({number, 0, 0, false});
    return seen.size() - 1;
}

// What the check that is called notes: nothing, or why it does not hold.
bool evaluating = false;
char noted[256];

bool holds_alone(int (*check)(void*), void* argument) {
    noted[0] = '\0';
    evaluating = true;
    const bool holds = check(argument) != 0;
    evaluating = false;
    return holds;
}

// What the check does is part of the operation during which it is called.
bool evaluate(int (*check)(void*), void* argument) {
    context& c = *g.current;
    const operation published = c.op;
    ++c.section_depth;
    const bool holds = holds_alone(check, argument);
    --c.section_depth;
    c.op = published;
    return holds;
}

std::vector<uint64_t> calls_from(uint64_t pc) {
    std::vector<uint64_t> calls = callers_of(*g.current);
    calls.insert(calls.begin(), pc);
    return calls;
}

// Who gives the lock up now, and when the invariant was seen to hold for the last time; while all is written down.
std::vector<finding_evidence> evidence_of(size_t at, uint64_t pc) {
    std::vector<finding_evidence> out;
    if (g.record == nullptr) {
        return out;
    }
    const unsigned id = g.current->id;
    if (const std::vector<uint64_t> calls = calls_from(pc); calls.size() > 1) {
        out.push_back({"given up", fmt::format("given up by {}", who_of(id)),
                       static_cast<uint8_t>(id), g.steps, calls});
    }
    const seen_holding& last = seen[at];
    if (last.step != 0 && at < calls_when_held.size()) {
        out.push_back({"held last",
                       fmt::format("held last when given up by {}", who_of(last.context)),
                       last.context, last.step, calls_when_held[at]});
    }
    return out;
}

void report_broken(uint64_t lock, uint64_t pc, const std::string& name, const std::string& when,
                   std::vector<finding_evidence> evidence = {}) {
    finding f;
    f.kind = finding_kind::invariant;
    f.address = lock;
    f.pc = pc;
    f.text =
        fmt::format("\"{}\" does not hold {}{}{}", name, when, noted[0] == '\0' ? "" : ": ", noted);
    f.evidence = std::move(evidence);
    report(std::move(f));
}

}  // namespace

void invariant_add(const named_invariant& one) {
    subject_names.invariants.push_back(one);
    subject_names.of_locks += one.lock != 0 ? 1 : 0;
}

void invariants_before_race() {
    for (size_t i = 0; i < seen.size(); ++i) {
        seen_holding one = seen[i];
        one.step = 0;
        seen.set(i, one);
    }
}

bool invariant_notes(const char* text) {
    if (evaluating) {
        snprintf(noted, sizeof noted, "%s", text);
    }
    return evaluating;
}

void check_invariants_at_end() {
    for (const named_invariant& i : subject_names.invariants) {
        if (i.lock == 0 && !holds_alone(i.holds, i.argument)) {
            host_scope host;
            report_broken(0, reinterpret_cast<uint64_t>(i.holds) + 1, i.name, "at the end");
        }
    }
}

void check_invariant_now(const char* name, int (*holds)(void*), void* argument, uint64_t pc) {
    if ((g.checks & check_invariant) != 0 && !evaluate(holds, argument)) {
        host_scope host;
        report_broken(0, pc, name, fmt::format("where {} looks", who_of(g.current->id)));
    }
}

void check_invariants_of(uint64_t lock, uint64_t pc) {
    if ((g.checks & check_invariant) == 0) {
        return;
    }
    for (size_t n = 0; n < subject_names.invariants.size(); ++n) {
        const named_invariant& i = subject_names.invariants[n];
        if (i.lock != lock) {
            continue;
        }
        const bool holds = evaluate(i.holds, i.argument);
        host_scope host;
        const size_t at = seen_of(n);
        seen_holding now = seen[at];
        const bool breaks = !holds && !now.broken;
        now.broken = !holds;
        if (holds) {
            now.step = g.steps;
            now.context = g.current->id;
            if (g.record != nullptr) {
                calls_when_held.resize(std::max(calls_when_held.size(), at + 1));
                calls_when_held[at] = calls_from(pc);
            }
        }
        seen.set(at, now);
        if (breaks) {
            report_broken(
                lock, pc, i.name,
                fmt::format("when {} gives {} up", who_of(g.current->id), describe_address(lock)),
                evidence_of(at, pc));
        }
    }
}

}  // namespace sim
