// execution.h - one execution as a trace, from a token or from a file.
// Source:  sim/trace/trace.h, scenarios/runner.
// Shapes:  a token is run again in a process of its own.
// Locks:   none.
// Errors:  a message; `drift` says what of the token could not be followed.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/arguments.h"
#include "scenarios/command/subject.h"
#include "scenarios/runner/race.h"
#include "scenarios/runner/token_source.h"
#include "sim/trace/trace.h"

namespace scenario {

struct execution {
    sim::trace trace;
    std::string drift;
};

// `x` may be empty: then the token's own name must be enough.
[[nodiscard]] bool replay_token(const std::string& x, const std::string& token,
                                const explore_request& request,
                                const std::vector<std::string>& subject_arguments, execution& e,
                                std::string& error);

// `heddle replay X TOKEN`, or the token alone if it is enough to find X.
[[nodiscard]] bool sort_words(std::string& x, std::string& token);
// Is the token about this variant? "" agrees with all.
[[nodiscard]] bool agrees(const std::string& variant, const std::string& token, std::string& error);

// The subject of a token, opened; `source` refers to `s`.
[[nodiscard]] bool open_token(const std::string& x, const std::string& token,
                              const explore_request& request,
                              const std::vector<std::string>& subject_arguments, subject& s,
                              token_source& source, std::string& error);

// `what` is a token or the path of a trace.
[[nodiscard]] bool take_execution(const std::string& what, const std::string& x,
                                  const explore_request& request,
                                  const std::vector<std::string>& subject_arguments, execution& e,
                                  std::string& error);

// The command that was typed, in one form whatever the way it was typed; `verb` in the place of its own.
std::string again_command(const invocation& line, const std::string& x, const std::string& token,
                          const std::string& options, const std::string& verb = "replay");

}  // namespace scenario
