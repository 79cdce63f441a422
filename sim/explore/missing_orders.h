// missing_orders.h - which memory orders, or seq_cst fences, a failure would not be possible with.
// Source:  ours: what heddle fences asks of a right program, asked of a wrong one. Nothing is guessed from the execution:
//          orders are made stronger (memory/weakened.h) and all graphs explored again.
// Shapes:  a way is a set of places that are enough together; each is as weak as it may be beside the others, and none
//          can be left out. Ways of one place first; of two, where there is none; then one of more, if there is any.
//          Fences are asked for where a seq_cst access would be. Work is counted in steps.
// Locks:   none; host code.
// Errors:  none; what could not be explored within the steps is said to be unknown.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/explore/failing_runs.h"
#include "sim/memory/order_places.h"

namespace sim {

// An access, or a fence, with the order that it would need.
struct stronger_place {
    order_place at;
    uint8_t order = 0;          // would need this one
    bool fence_before = false;  // as it is, but behind a seq_cst fence
    order_place behind;         // then: the access before that fence
    // Of the failing execution: those that perform it, and of a fence those behind which it stands.
    std::vector<uint32_t> steps;
    std::vector<uint32_t> steps_behind;
};

struct missing_orders {
    enum class answer : uint8_t {
        unasked,  // the model has no weak orders
        found,    // each of `ways` averts the failure
        none,     // it is there with every access seq_cst, too
        unknown,  // not within the steps
    } what = answer::unasked;
    std::vector<std::vector<stronger_place>> ways;
    uint64_t executions = 0;
    bool cut_short = false;  // some explorations were: there may be other ways
};

// Of the failure that this execution shows. Afterwards all orders are as they were.
missing_orders find_missing_orders(simulation& subject, const recorded_choices& choices,
                                   const work_limits& limits);

}  // namespace sim
