// explained.h - why an execution fails, from its token, in a process of its own.
// Source:  sim/explore/explain.h. What is explained is the shortest schedule that fails in the same way:
//          in a long one most of what happened has nothing to do with the failure.
// Shapes:  steps are those of the trace. Work is counted in steps, two million for a second of
//          the budget: these executions are watched closely.
// Locks:   none.
// Errors:  as shrunk.h.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/token_report.h"
#include "scenarios/runner/token_source.h"
#include "sim/explore/missing_orders.h"
#include "sim/trace/trace.h"

namespace scenario {

// The operation of one step comes before that of another.
struct step_order {
    uint32_t first_step = 0;
    uint32_t second_step = 0;     // 0: its context stands there when the failure happens
    uint32_t second_context = 0;  // of the trace
    std::string second_kind;      // then: what it is about to do, "" if it waits for good
    std::string second_object;
    std::string second_place;  // "if.cc:86, in if_freesadl"
    bool release = false;      // the first frees what the second uses
    bool operator==(const step_order&) const = default;
};

struct explained_report : token_report {
    sim::trace trace;           // of the execution that is explained
    size_t about = 0;           // which of its findings is explained
    uint32_t turning_step = 0;  // behind it every continuation fails
    bool turning_decided = false;
    [[nodiscard]] const sim::trace_finding& told() const { return trace.findings.at(about); }
    // Two accesses race wherever nothing orders them: some sampled continuations that all show it say
    // nothing of a moment.
    [[nodiscard]] bool turning_known() const {
        return turning_decided || finding.kind != "data race";
    }
    uint64_t continuations = 0;
    sim::missing_orders missing;  // under a memory model
    std::vector<step_order> orders;
    bool always = false;
    bool sufficient = false;
    bool necessary = false;
    bool all_interleavings = false;
    int complete_to = -1;
    uint64_t executions = 0;
    uint64_t passes = 0;
    bool cut_short = false;
};

[[nodiscard]] bool explain_token(const token_source& source, double budget_seconds,
                                 explained_report& r, std::string& error);

// Lines "timing" and "result"; `sentence` is how the orders are told to people.
std::string to_json(const token_source& source, const explained_report& r,
                    const std::string& sentence);

}  // namespace scenario
