// What there is to say of two accesses that race: both call stacks, the locks, and the order that is missing.
#include <fmt/format.h>

#include "sim/check/access_log.h"
#include "sim/check/describe.h"
#include "sim/check/missing_order.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

trace_evidence said(const char* label, const finding& f, std::string text) {
    trace_evidence e;
    e.label = label;
    e.context = f.context;
    e.text = std::move(text);
    return e;
}

}  // namespace

std::string race_message(const finding& f) {
    return fmt::format("{} {} {} while {} {} it, and nothing orders the two", who_of(f.context),
                       f.write ? "writes" : "reads", describe_address(f.address),
                       who_of(f.other_context), f.other_write ? "wrote" : "read");
}

void add_race_evidence(trace_finding& t, const finding& f) {
    const logged_access* first =
        find_access_or_null(f.address, f.other_context, f.other_write, f.other_pc);
    trace_evidence other;
    other.label = "other access";
    other.context = f.other_context;
    if (first != nullptr) {
        other.step = first->step;
        other.stack = stack_of(*first);
    } else {
        other.stack.push_back(frame_at(f.other_pc));
    }
    other.text = fmt::format("{} by {}{}", f.other_write ? "written" : "read",
                             who_of(f.other_context), in_place(other.stack));
    t.evidence.push_back(other);
    if (first != nullptr) {
        t.evidence.push_back(
            said("locks", f, locks_of_both(*first, locks_held(f.context), f.context)));
        t.evidence.push_back(said("missing order", f, missing_order(*first, f.context)));
    }
}

}  // namespace sim
