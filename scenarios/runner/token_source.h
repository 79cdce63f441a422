// token_source.h - what a token is about: a variant of a race, or a program.
// Source:  design section 4, token.
// Shapes:  variant names as reports print them: VARIANT [with VALUES] [under REGIME] [in SCHEDULE].
// Locks:   none; plain values.
// Errors:  a message with what the token names and the race has not.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/program_run.h"
#include "scenarios/runner/race.h"
#include "sim/explore/token_text.h"

namespace scenario {

// A variant under a regime, and where its module is.
struct variant_choice {
    std::string variant = "fixed";
    std::string regime;    // "" none
    std::string module;    // path
    std::string schedule;  // of a token: the named schedule whose points it knows
    std::string values;    // of the race's parameters (values.h)
    [[nodiscard]] std::string name() const { return row() + under(); }
    // The same for all values.
    [[nodiscard]] std::string module_name() const { return variant + under(); }
    [[nodiscard]] std::string row() const {
        return values.empty() ? variant : variant + " with " + values;
    }
    [[nodiscard]] std::string under() const { return regime.empty() ? "" : " under " + regime; }
    // The same, for a token: an execution has the points of one schedule.
    [[nodiscard]] std::string name_in(const std::string& named) const {
        return named.empty() ? name() : name() + " in " + named;
    }
};

// Either a race with a variant, or a program.
struct token_source {
    const script* race = nullptr;
    variant_choice variant;
    program_call program;
    explore_request request;
    sim::token token;
};

// The variant that a token is about, its module made if it is not there (race.cc).
[[nodiscard]] bool variant_of_token(const script& s, const explore_request& request,
                                    const sim::token& token, variant_choice& v, std::string& error);

// Paths of the patches that make this variant of the model, in the order in which they apply (race.cc).
std::vector<std::string> patches_of(const script& s, const explore_request& request,
                                    const variant_choice& v);

}  // namespace scenario
