// shrunk.h - the shortest schedule that fails as a token does, in a process of its own.
// Source:  sim/explore/shrink.h; design section 6: a schedule { } block ready to paste.
// Shapes:  work is counted in steps of the machine, four million for a second of the budget, so that the
//          result is the same on every machine that is fast enough, however busy it is; one that needs
//          more of its processor's time than the budget is cut short.
// Locks:   none.
// Errors:  a message; exit status 2. A token that does not fail is no error: `fails` is false.
#pragma once

#include <string>

#include "scenarios/runner/token_report.h"
#include "scenarios/runner/token_source.h"

namespace scenario {

struct schedule_size {
    uint32_t preemptions = 0;
    uint32_t choices = 0;  // that are not the default
    uint32_t steps = 0;
    bool operator==(const schedule_size&) const = default;
};

struct shrunk_report : token_report {
    schedule_size before;
    schedule_size after;
    int none_below = -1;  // no failure of this kind with so many preemptions or fewer
    bool certified = false;
    uint64_t reruns = 0;
    uint64_t searched = 0;  // executions of the search for a shorter one
    bool cut_short = false;
    std::string schedule;  // of a race: the block; "" if none can say it
    bool operator==(const shrunk_report&) const = default;
};

[[nodiscard]] bool shrink_token(const token_source& source, double budget_seconds, shrunk_report& r,
                                std::string& error);

// Lines "timing" and "result".
std::string to_json(const token_source& source, const shrunk_report& r);

}  // namespace scenario
