// grace_periods.h - memory that readers may still use, although it can no longer be found, is freed.
// Source:  smr_call(9), RCU. By what happens before what, not by the order in which it came: equivalent
//          executions give the same answer.
// Shapes:  u unlinked an object, f freed it, s is a read section of the domain. s may use it unless
//          1. u happens before s is entered, or 2. s is left before f, or 3. a grace period lies between: a
//          wait that begins after u, has seen the reader outside, and happens before f. Of the word that
//          tells that a reader is inside each write and the wait's look are dependent operations, so that
//          every equivalent execution has the same sections before the look and behind it.
//          What runs alone, before the race or behind it, is ordered with everything by its place.
// Locks:   none; host code, told by context_rules.
// Errors:  findings.
#pragma once

#include "sim/check/call_sites.h"

namespace sim {

void grace_read_enter(const context& c, uint64_t domain, uint64_t reader, const moment& entered);
void grace_read_leave(const context& c, uint64_t domain, uint64_t reader);
void grace_wait_begins(const context& c, uint64_t domain, const moment& begun);
void grace_quiescent(const context& c, uint64_t domain, uint64_t reader);
// Said again of an object that is not freed yet, it says nothing: readers find it no more since the first time.
void grace_unlinked(const context& c, uint64_t object, uint64_t domain, const moment& when);
void grace_freed(const context& c, uint64_t begin, uint64_t size, uint64_t pc);

}  // namespace sim
