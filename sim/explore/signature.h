// signature.h - what makes two failures the same failure.
// Source:  exploration.md D6: kind, role of the object, two code positions; never just "it fails", or
//          shrinking slips to another bug.
// Shapes:  taken while the execution that found it is still in memory. The role of a heap block is where it
//          was allocated and the offset in it, since its number differs between schedules.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

#include "sim/check/finding.h"

namespace sim {

struct failure_signature {
    finding_kind kind = finding_kind::crash;
    std::string role;       // "" if it is about no object
    uint64_t pc = 0;        // a race has no first and no second: the lower one
    uint64_t other_pc = 0;  // and the higher
    std::string caller;     // the subject's own text that led there, if it ended the execution
    std::string text;       // deadlock: who waits for what
    bool operator==(const failure_signature&) const = default;
};

failure_signature signature_of(const finding& f);

// The same kind of failure of the same object, wherever it shows: what "every continuation fails" is about.
[[nodiscard]] bool same_cause(const failure_signature& a, const failure_signature& b);

// Looks for it in the findings of the execution that has just ended; null if it is not among them.
const finding* find_or_null(const failure_signature& s);
const finding* find_cause_or_null(const failure_signature& s);

// What the execution is about (sim/trace/main_finding.h); null if there is no finding.
const finding* main_finding_or_null();

}  // namespace sim
