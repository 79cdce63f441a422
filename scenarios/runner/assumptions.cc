#include "scenarios/runner/assumptions.h"

#include <utility>

#include "sim/machine/fair.h"
#include "sim/machine/module.h"

namespace scenario {

std::vector<std::string> usual_assumptions(const explore_request& request) {
    std::vector<std::string> list = {"memory is sequentially consistent",
                                     "freed memory is not used again", "allocation does not fail",
                                     "no spurious wakeups", "time passes only when nobody can run"};
    for (std::string& fair : sim::fair_assumptions()) {
        list.push_back(std::move(fair));
    }
    if (!request.race_checker) {
        list.emplace_back("data races were not looked for");
    }
    if (!request.memory_checker) {
        list.emplace_back("uses of freed memory were not looked for");
    }
    if (!request.leak_checker) {
        list.emplace_back("leaks were not looked for");
    }
    for (const std::string& name : sim::module_unseen_writers()) {
        list.push_back("writes of " + name + " are not seen by the checkers");
    }
    return list;
}

}  // namespace scenario
