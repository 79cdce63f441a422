// agreement.h - what heddle says of a program beside what the thread sanitizer says, and where they may differ.
// Source:  ours.
// Shapes:  verdicts are those of test/programs/races.txt. A difference that has a reason is a row of `differences`, and
//          only the one that is named there is allowed: when it has gone, the row is wrong.
// Locks:   none.
// Errors:  complaints are texts; an empty one is none.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "test/thread_sanitizer/native_run.h"

namespace agree {

enum class verdict { none, race, freed };

enum class difference_kind {
    only_heddle,     // heddle finds a race that the thread sanitizer cannot see
    only_sanitizer,  // the thread sanitizer reports a race that is none
    seldom,          // both can see it, but real threads hardly ever come that way
    not_run          // cannot be run natively
};

struct difference {
    std::string_view program;
    difference_kind kind;
    const char* reason;
};

std::span<const difference> differences();
const difference* difference_or_null(std::string_view program);

// What is wrong with the two, a known difference taken into account.
std::string complaint(verdict heddle, const native_report& native, const difference* known);

}  // namespace agree
