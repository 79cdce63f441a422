// program_run.h - explores or replays an ordinary program in the process that calls it.
// Source:  design sections 4 (Verdicts) and 7; no finding at all is what is expected of a program.
// Shapes:  one call a process: the program stays loaded.
// Locks:   none.
// Errors:  in variant_report::error.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/race.h"

namespace scenario {

// A program and what its main is called with.
struct program_call {
    std::string path;
    std::vector<std::string> arguments;  // without the name, argv[0]
    // File name alone: how tokens and reports call the program.
    [[nodiscard]] std::string name() const;
};

// Strategies: "optimal" (the default), "exhaustive", "bounded", "delay", "random", and those
// of sim/explore/sampler.h.
variant_report explore_program_here(const program_call& call, const explore_request& request,
                                    const progress_observer& observer);

[[nodiscard]] bool replay_program_here(const program_call& call, const explore_request& request,
                                       const std::string& token, sim::trace& t, std::string& drift,
                                       std::string& error);

}  // namespace scenario
