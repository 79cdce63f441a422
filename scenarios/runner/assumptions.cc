#include "scenarios/runner/assumptions.h"

#include <fmt/format.h>

#include <utility>

#include "sim/check/checker.h"
#include "sim/machine/fair.h"
#include "sim/machine/module.h"

namespace scenario {

namespace {

std::string at_most(uint32_t bound, const char* none, const char* some) {
    return bound == 0 ? none : fmt::format("at most {} in an execution: {}", bound, some);
}

}  // namespace

std::vector<std::string> usual_assumptions(const explore_request& request) {
    std::vector<std::string> list = {
        "memory is sequentially consistent",
        at_most(request.reused_blocks, "freed memory is not used again",
                "blocks that a context has freed are used by it again"),
        at_most(request.failed_allocations, "allocation does not fail", "allocations fail"),
        at_most(request.spurious_wakeups, "no spurious wakeups", "spurious wakeups"),
        "time passes only when nobody can run"};
    for (std::string& fair : sim::fair_assumptions()) {
        list.push_back(std::move(fair));
    }
    if ((request.checks & sim::check_memory) != 0) {
        list.emplace_back(
            "uses of a variable whose call has returned are seen only where the return came first");
    }
    for (const sim::checker_row& row : sim::checkers()) {
        if (row.bit != 0 && (request.checks & row.bit) == 0) {
            list.push_back(fmt::format("the {} checker was off", row.name));
        }
    }
    for (const std::string& name : sim::module_unseen_writers()) {
        list.push_back("writes of " + name + " are not seen by the checkers");
    }
    return list;
}

}  // namespace scenario
