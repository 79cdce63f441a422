// interrupts.h - contexts that come between two operations of whoever runs on their CPU.
// Source:  interrupt priority levels of the BSDs: spl(9), mutex(9).
//
//          An interrupt belongs to a CPU and has a level, 1 to 7. It begins, in a step of its own, at any
//          moment at which the level of the CPU is below its own; it ends in a step, too. In between nobody
//          runs on that CPU but interrupts of a higher level. The level of a CPU is the highest of
//          those to which an interrupt that runs there, or who has the CPU, raises it.
//          - Who gives its CPU up, to wait, lets interrupts in: the level that it has raised it to is back
//            when it has the CPU again. A mutex that raises the level behaves so: who finds it taken lets go of
//            the level and looks again.
//          - An interrupt that has to wait keeps the CPU: it spins. For what its host would have to do it waits
//            for good, which is a finding as soon as it begins to.
//          - It comes exactly once. That it never comes is the beginning of an execution in which it comes last.
//
//          In a section nobody comes anyway: the level at its end is what its last step leaves, and a step behind it
//          tells it. Who waits inside one with a level that it has changed there is told so.
//
//          To exploration a CPU to which interrupts may come is an object that each step there uses (`on_cpu`):
//          before and after it an interrupt may come, so where it stands among these steps matters. They
//          come in one line, so that adds no order but that. A step there waits for the ends of the interrupts
//          that are above its context, as an operation waits for a lock (explore/reversal_cpu.cc); the begin of an
//          interrupt waits for the level to be low, in the same way.
//
//          To the race checker two stretches of a CPU are ordered only if neither could have come in the
//          middle of the other: a stretch at level m of a context that interrupts at level k (threads: 0), and
//          another, m' and k', with m >= k' and m' >= k.
//
//          An ordinary program says while it runs that a context is an interrupt. What was done on that CPU
//          before that is known has used no such object: exploration begins anew, as it does where a race is
//          found (visible.h).
// Shapes:  masks of contexts and CPUs in the machine: interrupts, interruptible.
// Locks:   none.
// Errors:  findings of the subject: levels that there are not, and a mutex of an interrupted context.
#pragma once

#include "sim/machine/machine.h"

namespace sim {

inline constexpr unsigned interrupt_level_max = 7;

// Interrupts may come to the CPU of this context. The numbers of others' CPUs mean nothing.
inline bool on_interruptible_cpu(const context& c) {
    return c.bound && (g.interruptible >> c.cpu & 1) != 0;
}
inline bool has_begun(const context& interrupt) {
    return (g.interrupts & interrupt.bit) != 0;
}
// What interrupts on the CPU leave of those that could perform a step otherwise.
uint64_t not_interrupted(uint64_t possible);
// The interrupt that keeps a context from going on, the lowest; null: none.
const context* interrupted_by_or_null(const context& c);

// The pending operation of a context as a step of its CPU, if interrupts may come there.
void step_on_cpu(context& c);
// The current context, an interrupt: its operation is published. As point() of schedule.h.
void point_of_interrupt(context& c, bool can_go_on);
// The current context is an interrupt of its CPU from its next step on, and ends as one.
void begin_interrupt(unsigned level, uint64_t pc);
void end_interrupt(uint64_t pc);

// Of the current context; the answer is the level that it was.
unsigned change_level(unsigned level, uint64_t pc);
// The section that the current context was in is over: what it has done to the level is a step behind it.
void section_level_is_set(uint64_t pc);
// It is about to wait inside a section: a finding if it has changed the level there. Does not return then.
void check_level_of_section(const context& c);
// Who takes a CPU, or gives it up, raises or lowers its level by that.
void level_is_back(context& c);
void level_is_gone(const context& c);

// The current context is about to wait for a mutex of `owner`: a finding if that is for good since it has
// interrupted it. Does not return then.
void check_not_of_host(const context& owner, uint64_t mutex, uint64_t pc);

}  // namespace sim
