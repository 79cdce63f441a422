// describe.h - a finding in words, with its evidence: what a person needs to see the cause.
// Source:  design section 4; issue: a finding tells what happened, where, on which CPU.
// Shapes:  called while the execution that found it is still in memory.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include "sim/check/finding.h"
#include "sim/trace/trace.h"

namespace sim {

trace_finding describe(const finding& f);

// Text of the subject itself, not of a library's header or of what heddle compiles into it.
bool is_own(const trace_frame& f);

// " in rt_add (rt.c:12), called in main (rt.c:90)": where the subject's own code is.
std::string place_with_caller(const std::vector<trace_frame>& stack);

// " in writer (prog.c:12)", or nothing.
std::string in_place(const std::vector<trace_frame>& stack);
// "t1 on cpu2".
std::string who_of(unsigned context);
// What there is to say of memory (describe_memory.cc) and of two accesses (describe_race.cc).
std::string memory_message(const finding& f);
void add_memory_evidence(trace_finding& t, const finding& f);
std::string race_message(const finding& f);
void add_race_evidence(trace_finding& t, const finding& f);
// "store x in writer at prog.c:12": what a context is about to do
std::string describe_operation(const struct context& c);

}  // namespace sim
