// machine_setup.h - the machine as a request asks for it.
// Source:  design section 4.
// Shapes:  plain data.
// Locks:   none; sets the memory model, which is one for the process.
// Errors:  none: options were checked when they were read.
#pragma once

#include "scenarios/runner/race.h"
#include "sim/simulation.h"

namespace scenario {

sim::simulation_options machine_options(const explore_request& request);

}  // namespace scenario
