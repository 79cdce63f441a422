// step_points.h - how far to go until a point of the language, read off an execution that went further.
// Source:  design section 6, Points.
// Shapes:  a point before an operation is reached when the step before that one is done; entries, exits
//          and waiting are reached with the step in which they happen.
// Locks:   none; the subject is loaded, since functions are looked up in it.
// Errors:  a message with what is known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "sim/trace/trace.h"

namespace scenario {

// `POINT [or POINT]`. False with what is wrong with it.
[[nodiscard]] bool read_points(const std::string& text, std::vector<point>& points,
                               std::string& error);

// The first step behind `from` with which one of the points is reached, by context `only` if given.
std::optional<uint32_t> step_at(const std::vector<point>& points, const sim::trace& t,
                                uint32_t from, std::optional<uint8_t> only);

}  // namespace scenario
