// rows.h - the parts of the benchmark, in the order in which they are printed.
// Source:  ours.
// Shapes:  each prints its rows. Recording is off in all of them.
// Locks:   none; host code.
// Errors:  as measure.h.
#pragma once

namespace bench {

// A step, an execution, a restore, memory. `quick`: fewer executions where memory is watched.
void machine_rows(bool quick);
// Time to finish beside the peers.
void finish_rows();
// Executions a second of optimal exploration against those of a random walk; the first race.
void rate_rows();
// What several processes bring.
void worker_rows();
// What a step costs under each sampler.
void sampler_rows();
// Where the time of an exploration goes.
void share_rows();

}  // namespace bench
