#include "scenarios/runner/machine_setup.h"

#include "sim/memory/model.h"

namespace scenario {

sim::simulation_options machine_options(const explore_request& request) {
    sim::simulation_options o;
    o.checks = request.checks;
    o.deep = request.deep;
    o.compare = request.compare_memory;
    const auto bound = [&](sim::fault kind) -> uint32_t& {
        return o.limits.faults[static_cast<size_t>(kind)];
    };
    bound(sim::fault::failed_allocation) = request.failed_allocations;
    bound(sim::fault::spurious_wakeup) = request.spurious_wakeups;
    bound(sim::fault::reused_memory) = request.reused_blocks;
    bound(sim::fault::early_timer) = request.early_timers;
    bound(sim::fault::lost_packet) = request.lost_packets;
    o.wrong_results = request.wrong_results;
    sim::chosen_memory = sim::memory_model_named(request.memory);
    if (request.steps_max != 0) {
        o.limits.steps_max = request.steps_max;
    }
    return o;
}

}  // namespace scenario
