// token_case.h - the subject of a token, ready to run its execution again and others like it.
// Source:  design section 4, token; a race's variant or a program, in the process that calls it.
// Shapes:  one a process: the subject stays loaded.
// Locks:   none.
// Errors:  set_up: a message; what cannot be followed of the token is its drift.
#pragma once

#include <memory>
#include <string>

#include "scenarios/runner/script_points.h"
#include "scenarios/runner/stage.h"
#include "scenarios/runner/token_drift.h"
#include "scenarios/runner/token_source.h"
#include "sim/simulation.h"

namespace scenario {

class token_case {
  public:
    explicit token_case(const token_source& source);

    [[nodiscard]] bool set_up(std::string& error);
    [[nodiscard]] sim::simulation& machine() { return machine_; }
    // To be called before each execution: points are armed, observers forget.
    void before_execution();

    // Runs the token, to its final checks.
    sim::recorded_choices run(token_drift& drift);
    // The token of other choices, and their execution written down.
    std::string token_of(const sim::recorded_choices& choices);
    sim::trace trace_of(const sim::recorded_choices& choices);

  private:
    const token_source& source_;
    sim::simulation machine_;
    std::unique_ptr<stage> stage_;            // race
    std::unique_ptr<sim::point_set> points_;  // race
};

}  // namespace scenario
