// program.h - explores and replays an ordinary program made by `heddle cc`.
// Source:  design section 7.
// Shapes:  as race.h: in a process of its own.
// Locks:   none.
// Errors:  a message; exit status 2.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/race.h"

namespace scenario {

report explore_program(const std::string& path, const std::vector<std::string>& arguments,
                       const explore_request& request, const progress_observer& observer);

[[nodiscard]] bool replay_program(const std::string& path,
                                  const std::vector<std::string>& arguments,
                                  const explore_request& request, const std::string& token,
                                  sim::trace& t, std::string& drift, std::string& error);

}  // namespace scenario
