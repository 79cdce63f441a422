// shortest.h - what shrinking and explaining a token have in common: its shortest schedule that still fails,
//          looked for in a process of its own.
// Source:  sim/explore/shrink.h.
// Shapes:  work is counted in steps of the machine, so that what comes out does not depend on how fast or
//          busy it is, and bounded by what this process has worked.
// Locks:   none.
// Errors:  a message; exit status 2. A token that does not fail is no error: `fails` is false.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/runner/child.h"
#include "scenarios/runner/token_case.h"
#include "scenarios/runner/token_report.h"
#include "scenarios/runner/token_source.h"
#include "scenarios/runner/work_clock.h"
#include "sim/explore/shrink.h"
#include "sim/trace/trace.h"

namespace scenario {

class shortest_case {
  public:
    shortest_case(const token_source& source, double budget_seconds);

    // Runs the token and shrinks its schedule within so many steps. False: there is no such subject.
    [[nodiscard]] bool find(uint64_t steps_max, token_report& r, std::string& error);
    [[nodiscard]] const sim::shrink_result& found() const { return found_; }
    // Of what was found, if it fails: its trace, and `r.finding` filled.
    sim::trace describe(token_report& r);

    [[nodiscard]] sim::simulation& machine() { return subject_.machine(); }
    [[nodiscard]] sim::work_limits limits(uint64_t steps_max);
    [[nodiscard]] double seconds() const { return clock_.passed(); }

  private:
    work_clock clock_;
    double budget_seconds_;
    token_case subject_;
    sim::shrink_result found_;
};

// What both reports begin with.
nlohmann::ordered_json to_object(const token_report& r);
// Throws what the JSON library throws.
void take(const nlohmann::ordered_json& from, token_report& r);
std::string print(const nlohmann::ordered_json& j);

// In a process of its own `make` sends lines to this one, which hands each to `take`: its first word and the
// rest. False: an error, of either of them.
[[nodiscard]] bool made_by_child(
    const std::string& made, const std::function<bool(const line_sender&, std::string&)>& make,
    const std::function<bool(const std::string& word, const std::string& rest, std::string&)>& take,
    std::string& error);

// Lines "timing" and "result".
std::string result_lines(const std::string& verb, const token_source& source, double seconds,
                         const nlohmann::ordered_json& more);

}  // namespace scenario
