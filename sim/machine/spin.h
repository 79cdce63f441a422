// spin.h - loops that only look: a context that comes back to the same place in the same state, without
//          having written, waits until something that it has read changes.
// Source:  exploration.md D7; the idea is that of Nidhugg's and GenMC's loop transformations (spin-assume,
//          partial loop purity), found at run time and not in the source.
//
//          An arrival is where a context is about to perform an operation that may turn out to be a read: a
//          load, a compare-and-swap, an update. Its state is the return address, the callee-saved
//          registers, the used stack, errno and the arguments: what the subject does from there depends on
//          that, on the values it reads, and on nothing else. If a context arrives twice in the same state
//          and has written nothing in between (its own stack is part of the state), the iteration between
//          the two is pure: taken out, the execution is one of the subject still, in which the context came
//          later. Every other context sees the same. A failed compare-and-swap, a failed try-lock and an
//          update that leaves the value as it was count as reads; yields and fences count for nothing.
//
//          So no behaviour is lost if the context does not go on from the second arrival at all while
//          what it read is as it was: it would come there again. Two ways to use that (machine.h):
//          - gives_up_spins: it waits for good. Executions in which it gets on are equal, without the
//            iteration, to others in which it looked later, and these come from reversing the races of
//            its reads. If in the end something that it read has changed, the execution says nothing: it
//            is given up, and counts as blocked. Searches up to equivalence do this.
//          - else it can go on as soon as a value is another one. Once it can, it can until it does: a
//            write that puts the old value back is as good as one that came later, and no write ever
//            disables anybody. Whoever counts preemptions needs this way: leaving a context that spins
//            costs nothing, looking later instead might.
//          If nobody can go on and all that the spinning contexts read is as it was, they spin for good,
//          under every scheduler: a livelock, found like a deadlock. Plain reads need not be remembered for
//          that: a write that they do not race with comes before the iteration, and one that they race
//          with makes them visible operations (visible.h).
//
//          Whether an iteration is pure is decided at its second arrival, so the first one must have been
//          kept, and keeping each costs more than a step. Hence only arrivals at known sites (place and
//          caller) are kept. A site becomes known when a context comes there again, to the same address,
//          without an operation of its own that wrote; then the execution is run again, by the same
//          choices, with that site known (simulation.h). What an execution is does not depend on which
//          sites were known before. Set-up, recorded and watched executions keep all.
// Shapes:  contexts by number. Words of up to 8 bytes.
// Locks:   none.
// Errors:  none. In doubt an iteration is not pure.
#pragma once

#include <string>

#include "sim/machine/machine.h"

namespace sim {

inline constexpr uint64_t spin_every_site = ~0ULL;

// Which site an arrival is at, and which read of it it is.
struct spin_key {
    uint64_t site;
    uint64_t read;
};

__attribute__((always_inline)) inline spin_key spin_key_of(uint64_t address, uint64_t pc) {
    const uint64_t site = (pc + (g.frame_top[-1].call_pc << 1)) * 0x9e3779b97f4a7c15ULL;
    return {site, (site ^ address) * 0xbf58476d1ce4e5b9ULL};
}

// The current context is about to read. True: it may have come round, or the site may be known; it must
// be looked at with its registers.
__attribute__((always_inline)) inline bool spin_suspects(const volatile void* p, uint64_t pc) {
    context* c = g.current;
    if (c == nullptr) {
        return false;
    }
    const spin_key key = spin_key_of(reinterpret_cast<uint64_t>(p), pc);
    const uint64_t bit = 1ULL << (key.read >> 58);
    if (__builtin_expect((c->seen & bit) != 0 || (g.spin_sites >> (key.site >> 58) & 1) != 0 ||
                             c->reads == spin_reads_max,
                         0)) {
        return true;
    }
    c->seen |= bit;
    c->read_keys[c->reads++] = key.read;
    return false;
}

void spin_forget(context& c);

// The context has written: what it has read until now was no loop.
__attribute__((always_inline)) inline void spin_wrote(context& c) {
    c.seen = 0;
    c.reads = 0;
    if (__builtin_expect(g.spin_kept, 0)) {
        spin_forget(c);
    }
}

// The registers at the entry of a hook, as heddle_spin_entry pushes them; the return address and the
// stack of the caller follow.
inline constexpr unsigned spin_return_address = 6;

// The current context, its operation published, has arrived. False: it has to wait. Does not return if
// the site was not known.
bool spin_arrived(context& c, const uint64_t* registers, uint64_t argument1, uint64_t argument2);
// It has waited, and was chosen.
void spin_goes_on(context& c);
// What an operation that only read has read.
void spin_has_read(context& c, uint64_t address, uint32_t size, uint64_t value);
// While every write is looked at: the current context is about to write to a line.
void spin_line_written(uint64_t address);

// Those of the waiting contexts for which something that they have read is another now.
uint64_t spin_could_go_on();
// Time has passed, and what comes now comes after all that was: whoever waits looks once more, or a search
// would not find that it could have looked later.
void spin_look_again();
// By graphs: it waits for good in an await, whose look was its last step.
bool spin_looks_only(const context& c);
// Something was written: they go on, where that is the way.
void spin_wake();
// A plain access is about to write: the word counts as changed, whatever it will hold.
void spin_touched(uint64_t address, uint64_t size);
// Whether the context waits for what the operation writes.
bool spin_awaits(const context& c, const operation& op);
// "x", "x or y": what it has read.
std::string spin_objects(const context& c);

// What an earlier execution left in the registers and on the stack of a context that is about to begin would
// be part of its state.
void spin_blank_stack(const context& c);
// What the host's calls have left below the stack in use would show in the gaps of frames to come.
void spin_blank_below();

// Whether iterations are looked at at all; for tests and comparisons. Set before anything is run.
extern bool spin_looks;

// Which sites count as known in the execution that begins.
void spin_begin(bool keep_all);
// For snapshots: what is kept, by level.
void spin_save(unsigned level);
void spin_restore(unsigned level);

}  // namespace sim

extern "C" {
// Calls `then` with the arguments as they are and the address of the registers as the sixth.
void heddle_spin_entry();
}
