// execution_judge.h - what is kept of executions beside the findings, by whoever knows what they mean.
// Source:  ours.
// Shapes:  what was seen only grows, and is the same however often it is said: each process that explores has
//          a judge, and they tell each other. So a worker that dies, and one whose work is done again, change
//          nothing.
// Locks:   none: one owner a process.
// Errors:  take_in: false for bytes that no judge of the same expectations has written.
#pragma once

#include <string>

#include "sim/machine/machine.h"

namespace sim {

class execution_judge {
  public:
    virtual ~execution_judge() = default;
    // The strategy that explores in this process, or one around it that looks on. Asked before the first
    // execution.
    virtual strategy& around(strategy& s) = 0;
    // After each execution. False: it has seen enough.
    virtual bool see(execution_end end) = 0;
    // What has been seen since the last call that others may not know; "": nothing.
    virtual std::string news() = 0;
    // All that has been seen, in the same form.
    [[nodiscard]] virtual std::string all() const = 0;
    [[nodiscard]] virtual bool take_in(const std::string& seen) = 0;
};

}  // namespace sim
