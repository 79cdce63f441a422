// script_points.h - a schedule of the language as the machine's scripted strategy.
// Source:  design section 6, Points.
// Shapes:  one clause for each `run` line.
// Locks:   none.
// Errors:  points that the machine does not know are refused by resolve.cc.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "sim/explore/scripted.h"

namespace scenario {

std::vector<sim::script_clause> script_of(const schedule& s);

// A list of choices as a schedule that can be pasted into the file.
std::string schedule_block(const std::string& name, const std::vector<uint8_t>& choices);

}  // namespace scenario
