// script_points.h - a schedule of the language in the terms of the machine's strategies.
// Source:  design section 6, Points.
// Shapes:  points are numbered in one set; runs, orders and prunes name them by number.
// Locks:   none.
// Errors:  points that cannot be followed are refused by resolve.cc.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "sim/explore/constrained.h"
#include "sim/explore/points.h"
#include "sim/explore/scripted.h"

namespace scenario {

struct schedule_points {
    std::vector<sim::armed_point> points;
    std::vector<sim::script_clause> runs;
    std::vector<sim::point_order> orders;
    std::vector<sim::point_prune> prunes;
};

// What one schedule asks for, and the statements whose begin some condition of the script is about, or
// the order of which. A statement begins when its context is let go on, not when it is made ready; and
// where an order is asked for the two do not commute, else a condition about it would be judged on
// whichever of two equivalent interleavings was explored.
schedule_points points_of(const script& s, const schedule& one);
// The same of the schedule that explores, if there is one.
schedule_points exploring_points(const script& s);
// Whether that schedule asks for an order of steps: an execution graph has none.
bool asks_for_an_order(const script& s);

// The points of the named schedule, or of the exploration: what a token's execution has.
schedule_points points_in(const script& s, const std::string& name);

// The schedule that explores; null: the script has none.
const schedule* exploring_schedule_or_null(const script& s);

// The name under which a statement is known: its label, or what it names.
std::string label_of(const statement& line);

// "dev em1" is about this object of the model.
std::string object_of_device(const interface_ref& device);

}  // namespace scenario
