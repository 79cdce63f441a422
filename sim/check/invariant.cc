#include "sim/check/invariant.h"

#include <fmt/format.h>

#include "sim/check/check_bits.h"
#include "sim/check/journal.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

// Of one that is tied to a lock, by its place in the list.
struct seen_holding {
    size_t number;
    uint64_t pc;  // the release at which it held for the last time
    uint32_t step;
    uint8_t context;
    bool broken;  // it did not hold at the last release
};

journalled_list<seen_holding> seen;

size_t seen_of(size_t number) {
    for (size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].number == number) {
            return i;
        }
    }
    seen.push_back({number, 0, 0, 0, false});
    return seen.size() - 1;
}

// What the check does is part of the operation during which it is called.
bool evaluate(int (*check)(void*), void* argument) {
    context& c = *g.current;
    const operation published = c.op;
    ++c.section_depth;
    const bool holds = check(argument) != 0;
    --c.section_depth;
    c.op = published;
    return holds;
}

void report_broken(uint64_t lock, uint64_t pc, std::string text) {
    finding f;
    f.kind = finding_kind::invariant;
    f.address = lock;
    f.pc = pc;
    f.text = std::move(text);
    report(std::move(f));
}

}  // namespace

void invariant_add(const named_invariant& one) {
    subject_names.invariants.push_back(one);
    subject_names.of_locks += one.lock != 0 ? 1 : 0;
}

void check_invariants_at_end() {
    for (const named_invariant& i : subject_names.invariants) {
        if (i.lock == 0 && i.holds(i.argument) == 0) {
            report_broken(0, reinterpret_cast<uint64_t>(i.holds) + 1, i.name);
        }
    }
}

void check_invariant_now(const char* name, int (*holds)(void*), void* argument, uint64_t pc) {
    if ((g.checks & check_invariant) != 0 && !evaluate(holds, argument)) {
        host_scope host;
        report_broken(0, pc, name);
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
            now.pc = pc;
            now.step = g.steps;
            now.context = g.current->id;
        }
        seen.set(at, now);
        if (breaks) {
            report_broken(lock, pc, i.name);
        }
    }
}

bool held_last(const finding& f, trace_evidence& evidence) {
    for (const seen_holding& s : seen) {
        const named_invariant& i = subject_names.invariants[s.number];
        if (i.lock != f.address || f.text.rfind(i.name, 0) != 0 || s.pc == 0 || s.step >= f.step) {
            continue;
        }
        evidence.label = "held last";
        evidence.step = s.step;
        evidence.context = s.context;
        evidence.stack = {frame_at(s.pc)};
        return true;
    }
    return false;
}

}  // namespace sim
