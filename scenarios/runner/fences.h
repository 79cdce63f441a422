// fences.h - which memory orders of a program, or of the model in a race, are needed: each is weakened alone, and all executions explored again.
// Source:  ours; Kokologiannakis and Vafeiadis, PLDI 2019 on why graphs make that affordable; sim/memory/weakened.h.
// Shapes:  a place is what stands in the text once, with its order; the compiler may have made several of it. Weaker orders are
//          tried from the weakest on, since a failure is found long before all is explored, until one holds.
// Locks:   none; each exploration runs in a process of its own.
// Errors:  in fences_report::error: nothing could be explored, or there is no such function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/runner/program_run.h"
#include "scenarios/runner/report.h"
#include "sim/memory/order_places.h"

namespace scenario {

enum class weakening_outcome : uint8_t { fails, holds, unknown };

// One order in place of a stronger one, and what came of it.
struct weakening {
    uint8_t order = 0;
    weakening_outcome outcome = weakening_outcome::unknown;
    uint64_t executions = 0;
    finding_report finding = {};  // of one that fails
    std::string note = {};        // of one that is unknown: why
};

struct fence_place : sim::order_place {
    std::vector<weakening> tried;

    // The weakest that hold: two may. The order itself, if none is known.
    [[nodiscard]] std::vector<uint8_t> weakest() const;
    // "needed", "not needed by this scenario", "unknown".
    [[nodiscard]] std::string verdict() const;
    // The one of the strongest order that fails; null if none does.
    [[nodiscard]] const weakening* failing_or_null() const;
    [[nodiscard]] uint64_t executions() const;
};

struct fences_report {
    std::string scenario;
    std::string memory;
    variant_report unweakened;
    std::vector<fence_place> places;
    // Each place with its first weakest order, all at once; none if fewer than two may be weaker.
    std::optional<weakening> together;
    bool stopped = false;  // before all was tried
    std::string error;
};

// `in`: places in functions of that name alone; "": all. Nothing is weakened if something is wrong as it is.
fences_report explore_fences(const program_call& call, const explore_request& request,
                             const std::string& in, const progress_observer& observer);
// The same of a race: its variant of that name, what the file expects of it judges.
fences_report explore_fences(const script& s, const std::string& variant,
                             const explore_request& request, const std::string& in,
                             const progress_observer& observer);
// What is not as expected: the finding that tells most, or what the file expects and does not hold.
std::optional<finding_report> wrong_or_none(const variant_report& v);

// Objects by line, the last of type result.
std::string to_json(const fences_report& r);
// 0 all was explored; 1 the program fails as it is; 2 an error; 3 not all was; 4 our own bug.
int exit_status(const fences_report& r);

}  // namespace scenario
