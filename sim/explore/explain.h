// explain.h - when a failure became certain, and the few orders of operations that it takes.
// Source:  exploration.md D6, explain: inflection point and ordering constraints.
// Shapes:  candidates are the orders of dependent operations of two contexts in the failing execution,
//          first those that do not follow from others, what contexts are about to do when it fails included, and
//          the order of a release and a use of memory. Executions
//          that fail and that do not are collected; the smallest set of orders is chosen that no execution
//          without the failure keeps, if possible of orders that every failing one keeps.
// Locks:   none; host code.
// Errors:  a schedule that does not fail has nothing to explain. What was only sampled is said to be.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/failing_runs.h"
#include "sim/explore/inflection.h"

namespace sim {

struct explained_order {
    place_order order;
    uint32_t first_step = 0;   // of the failing execution, from 1
    uint32_t second_step = 0;  // 0: its context stands there when the failure happens
    bool release = false;      // the first step frees what the second one uses
};

struct explanation {
    bool fails = false;
    finding what;
    uint32_t steps = 0;  // up to the failure
    inflection turning;
    std::vector<explained_order> orders;  // in the order of the execution
    bool always = false;  // no execution without the failure was seen: there is nothing to explain
    bool sufficient = false;  // no execution that keeps all of them was without it
    bool necessary = false;   // every execution with it keeps them
    // What that is known of: all interleavings, those within so many preemptions (else -1), samples.
    bool all_interleavings = false;
    int complete_to = -1;
    uint64_t executions = 0;
    uint64_t passes = 0;
    bool cut_short = false;
};

explanation explain(simulation& subject, const recorded_choices& choices,
                    const work_limits& limits);

}  // namespace sim
