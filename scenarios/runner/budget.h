// budget.h - how long an exploration may go on, beside its number of executions.
// Source:  --time, --memory, Ctrl-C.
// Shapes:  seconds of the clock on the wall, MiB of all processes that explore together.
// Locks:   none.
// Errors:  none; of a process that cannot be looked at nothing is counted.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "scenarios/runner/pace.h"
#include "scenarios/runner/race.h"

namespace scenario {

class budget {
  public:
    budget(const explore_request& request, const pace& speed) : request_(request), speed_(speed) {}
    // Whether to stop now. To be asked after each execution of this process: it looks seldom.
    bool spent();
    // The same of an exploration by others, asked now and then.
    bool spent_by(const std::vector<pid_t>& workers);
    // "interrupted", "stopped after 5 s, as asked"; "": nothing is spent.
    [[nodiscard]] const std::string& why() const { return why_; }

  private:
    bool uses_too_much(const std::vector<pid_t>& workers);

    const explore_request& request_;
    const pace& speed_;
    uint64_t asked_ = 0;
    double memory_at_ = 0;  // when to look at memory again
    std::string why_;
};

}  // namespace scenario
