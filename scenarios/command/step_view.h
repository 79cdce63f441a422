// step_view.h - a point of an execution for people, and as a line of JSON.
// Source:  scenarios/runner/stepper.h for what is there, viz/phrase.h for the words.
// Shapes:  text ends in '\n'; events are those behind step `since`.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/stepper.h"

namespace scenario {

// What happened since, then who can go on, and what the others wait for.
std::string point_text(const step_state& s, uint32_t since, const look& how);
std::string point_json(const step_state& s, uint32_t since);

// The call stack of each context, or of one.
std::string where_text(const step_state& s, const step_context* only);
std::string where_json(const step_state& s, const step_context* only);

// For each object that was changed, the last change of it.
std::string changes_text(const step_state& s);
std::string changes_json(const step_state& s);

// The last line of --json.
std::string result_json(const step_state& s, const std::string& scenario,
                        const std::string& variant, const std::string& token);

}  // namespace scenario
