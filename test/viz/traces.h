// traces.h - executions as the machine records them, small enough to know every line of them.
#pragma once

#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace test {

// An interface is destroyed on one CPU while a packet is forwarded on the other; about 120 steps.
sim::trace destroyed_interface();
// The same two in another order: the packet is out before the destroy begins.
sim::trace passed_interface();
// Two locks in both orders; each context waits for the other.
sim::trace deadlock();
// The same without "blocked" remarks: who waits is only told by the lists of enabled contexts, and
// the finding speaks at the end, after a last step of a third context that had to wait for a while.
sim::trace unremarked_deadlock();
// The waiter tests the flag, the wakeup comes, the waiter goes to sleep.
sim::trace lost_wakeup();
// Two increments without a lock; no enter and leave remarks: calls come from the stacks.
sim::trace data_race();
// By a memory model: one reader sees a flag late and what it is about never, another sees both; they race for nothing.
sim::trace old_value();
// Frames come in, go out and are lost in every way that there is; the interfaces are of two routers.
sim::trace packets();
// One CPU, one context, no finding; a kind of step and of remark that no view knows.
sim::trace single_cpu();
// Each kind of step and of remark that trace.h names, of an object of its own.
sim::trace every_kind();
extern const std::vector<std::string> step_kinds;
extern const std::vector<std::string> remark_kinds;
// Five CPUs and six contexts, two of them on one CPU.
sim::trace five_cpus();
// As many steps as asked on three CPUs.
sim::trace long_run(uint32_t steps);

}  // namespace test
