// cpus.h - CPUs that several contexts share: who runs there takes them and gives them up, step by step.
// Source:  design section 4: a CPU with several contexts behaves as a lock. Kernels sleep and dispatch so.
//
//          Contexts of one CPU do not preempt each other, but for interrupts (interrupts.h): who has the CPU keeps it until it has to wait, ends
//          or moves. A step of others may make its next operation possible or impossible at any time, so
//          who has to wait must not be a matter of what stands between two steps. Hence:
//          - A new context, and one that moves, first takes its CPU: a *dispatch*, possible when it is free.
//          - An operation that may have to wait is *tried* while its context has the CPU: that is always
//            possible. If it fails it has read its object, as a failed try-lock has, and no more.
//          - Then the context gives the CPU up, and waits for both: that the operation is possible, and
//            that the CPU is free. One step takes the CPU and performs the operation. Nobody has a
//            claim to be the first there.
//          - What is bound to make it wait (a signal, a sleep, the end of another context) is not tried.
//            So a join gives the CPU up whether or not the other has ended: that end is no step.
//          - Whoever ends gives the CPU up before.
//          So steps of these contexts concern others by their objects alone, the CPU being one of them, and
//          what one context did on a CPU happens before what the next one does there.
//
//          Contexts of which it is known at the begin of an execution that nobody shares their CPU do none of
//          that. A context that chooses its CPU while it runs does all: others may come there later.
// Shapes:  the machine's mask `sharers`: the contexts that follow these rules. g.enabled says of them that the
//          operation which they are about to do, or wait for, is possible; who has the CPU is not in it.
// Locks:   none.
// Errors:  none.
#pragma once

#include "sim/machine/layout.h"
#include "sim/machine/machine.h"

namespace sim {

// The object that a CPU is to exploration and to the race checker: where no context can have anything, below
// the end of a stack.
constexpr uint64_t cpu_object(unsigned cpu) {
    return stack_area + cpu * stack_slot_size;
}

// What a context is about to do or, if its next step is to give its CPU up, what it does after that.
inline const operation& awaited_by(const context& c) {
    return c.has_awaited ? c.awaited : c.op;
}

// Of contexts whose operations are possible those that can perform a step, and who has a CPU to give up; not
// those that are interrupted.
uint64_t with_cpus(uint64_t possible);
// Its operation is not possible now, and it can do nothing until it is.
inline bool is_stuck(const context& c) {
    return (g.enabled & c.bit) == 0 && ((g.sharers & c.bit) == 0 || g.cpu_holder[c.cpu] != c.id);
}
// The pending operation of a context waits for its CPU as well, and takes it.
void wait_for_cpu(context& c);
// Who was chosen has the CPU from now on, if that is what its step does.
void cpu_taken(context& c);

// An execution was given up since somebody had looked in vain at what changed later (spin.h), and had given its
// CPU up meanwhile: that another execution shows as much, in which it looked later, need not be so. Set where that
// happens, and put back by whoever takes note of it.
extern bool cpus_unaccounted;

// The current context is one of the sharers from now on: takes its CPU.
void share_cpu(uint64_t pc);
// It ends, moves or waits for the end of another: gives its CPU up, if it is one of them, and is none any more.
void leave_shared_cpu(uint64_t pc);
inline void leave_cpu(uint64_t pc) {
    if (__builtin_expect((g.sharers & g.current->bit) != 0, 0)) {
        leave_shared_cpu(pc);
    }
}

}  // namespace sim
