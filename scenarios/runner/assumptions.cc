#include "scenarios/runner/assumptions.h"

#include <fmt/format.h>

#include <utility>

#include "sim/check/checker.h"
#include "sim/machine/fair.h"
#include "sim/machine/faults.h"
#include "sim/machine/module.h"
#include "sim/memory/model.h"

namespace scenario {

namespace {

std::string at_most(sim::fault kind, const char* none, const char* some) {
    const uint32_t bound = sim::g.limits.faults[static_cast<size_t>(kind)];
    if (bound == sim::faults_max) {
        return fmt::format("any number in an execution: {}", some);
    }
    return bound == 0 ? none : fmt::format("at most {} in an execution: {}", bound, some);
}

std::string memory_assumed() {
    switch (sim::chosen_memory) {
        case sim::memory_model::tso:
            return "memory is as on x86 (TSO): stores wait in a buffer";
        case sim::memory_model::c11:
            return "memory is as C and C++ say (RC11: without load buffering)";
        default:
            return "memory is sequentially consistent";
    }
}

std::string packets_assumed() {
    return at_most(sim::fault::lost_packet, "no packet is lost on the wire",
                   "packets are lost on the wire");
}

}  // namespace

std::vector<std::string> usual_assumptions(const explore_request& request) {
    std::vector<std::string> list = {
        memory_assumed(),
        at_most(sim::fault::reused_memory, "freed memory is not used again",
                "blocks that a context has freed are used by it again"),
        at_most(sim::fault::failed_allocation, "allocation does not fail", "allocations fail"),
        at_most(sim::fault::spurious_wakeup, "no spurious wakeups", "spurious wakeups"),
        at_most(sim::fault::early_timer, "time passes only when nobody can run",
                "waits run out though others can run")};
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

std::vector<std::string> race_assumptions(const explore_request& request, const script& s,
                                          const std::vector<std::string>& restrictions) {
    std::vector<std::string> list = usual_assumptions(request);
    list.push_back(packets_assumed());
    size_t packets = 0;
    size_t commands = 0;
    for (const context& c : s.contexts) {
        for (const statement& line : c.statements) {
            packets += std::holds_alternative<injection>(line.action);
            commands += std::holds_alternative<command>(line.action);
        }
    }
    list.push_back(fmt::format("{} packet{} and {} command{} in the race", packets,
                               packets == 1 ? "" : "s", commands, commands == 1 ? "" : "s"));
    for (const std::string& restriction : restrictions) {
        list.push_back(restriction);
    }
    for (const parameter& p : s.parameters) {
        if (p.first != p.last && p.given) {
            list.push_back(
                fmt::format("{} is {} (of {}..{})", p.name.text, p.value, p.first, p.last));
        }
    }
    return list;
}

}  // namespace scenario
