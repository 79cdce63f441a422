// schedule.h - scheduling points: where one context may stop and another go on.
// Source:  design section 4.
// Shapes:  a context calls point() with its operation published in op; when point() returns, the
//          context has been chosen and performs the operation at once, then runs on to its next point.
// Locks:   none.
// Errors:  does not return when the execution has ended.
#pragma once

#include "sim/machine/machine.h"

namespace sim {

// The current context may perform its published operation now (true), or sleeps until somebody sets
// its bit in g.enabled (false). Returns when it was chosen.
void point(context& c, bool can_go_on);

// The pending operation of a sleeping context can be performed.
inline void make_enabled(uint64_t mask) { g.enabled |= mask; }

// Where the current context is about to do a visible operation: publishes it and waits for the choice.
inline operation& begin_operation(op_kind kind, uint64_t object, uint64_t pc, bool can_go_on = true) {
    context& c = *g.current;
    c.op = operation{};
    c.op.kind = kind;
    c.op.object = object;
    c.op.pc = pc;
    if (c.section_depth == 0 || !can_go_on) {
        point(c, can_go_on);
    }
    return c.op;
}

// After the operation was performed (only_read set as it came out): for histories and records.
void operation_done(context& c);

// Awaits whose word was just written: their contexts become enabled or disabled.
void wake_awaits(uint64_t address, uint64_t size);
bool await_holds(const operation& op);

inline constexpr uint8_t settle_to_host = 0xfe;

// Makes a context: subject code, or a host body that calls into the subject.
context& create_context(void* (*start)(void*), void* argument, void (*host_body)(void*),
                        uint64_t pc);
// The same in the place of one that has finished, heap and all.
void reuse_context(context& c, void* argument, void (*host_body)(void*));
// Runs a new context to its first scheduling point, then returns to the creator.
void settle(context& child);
// Thread-local destructors and keys of a context that is about to finish, then its storage
// (threads.cc). The first half alone at the end of the process, where the storage lives on.
void thread_destructors(context& c);
void thread_cleanup(context& c);
// A timed wait ran out: whatever it waits in, the context can go on (timers.cc).
void timer_fired(context& c);

// The current context has finished; runs another one. Does not return.
[[noreturn]] void context_finished(context& c);

// Ends the execution from inside a context, or does nothing but mark it from the host.
[[noreturn]] void end_execution(execution_end why);

// Sleeping with a deadline: the context is woken by time if by nothing else before.
void sleep_until(context& c, uint64_t deadline_ns);
void stop_timer(context& c);

// Runs contexts until the execution ends. Called by the host with contexts ready.
execution_end run_contexts();

// Asks the strategy for one of n alternatives.
uint32_t choose_alternative(uint32_t n);

}  // namespace sim
