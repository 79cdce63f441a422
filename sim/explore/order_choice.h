// order_choice.h - of many orders the few that tell failing executions from others.
// Source:  smallest hitting sets, by trying all up to three; beyond, the greedy one up to eight.
// Shapes:  orders are numbered by preference: of two sets of one size the one with lower numbers is taken.
// Locks:   none; a pure function.
// Errors:  `hits_all` is false if eight are not enough; then there are at most three, none of
//          which follows from the others.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/explore/place_orders.h"

namespace sim {

struct order_choice {
    std::vector<size_t> orders;
    bool hits_all = false;  // every passing execution breaks one of them
};

// `passing`: what each execution that did not fail has kept, as order_set prints it.
order_choice choose_orders(const std::set<std::string>& passing, const order_set& candidates);

}  // namespace sim
