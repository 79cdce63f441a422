#include "sim/machine/digest.h"

#include <unwind.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "sim/machine/memory.h"
#include "sim/machine/names.h"

namespace sim {

void digest::add_bytes(const void* from, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(from);
    for (size_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        std::memcpy(&word, bytes + at, std::min<size_t>(8, size - at));
        add(word);
    }
}

namespace {

void add_operation(digest& to, const operation& op) {
    to.add(static_cast<uint64_t>(op.kind) | uint64_t{op.order} << 8 | uint64_t{op.aux} << 16);
    for (uint64_t word : {uint64_t{op.size}, op.object, op.object2, op.operand, op.pc}) {
        to.add(word);
    }
}

// The numbers that DWARF gives to rbx, rbp and r12 to r15.
constexpr int preserved[] = {3, 6, 12, 13, 14, 15};

_Unwind_Reason_Code look_at_frame(_Unwind_Context* frame, void* to) {
    const uint64_t pc = _Unwind_GetIP(frame);
    if (!in_region(pc)) {
        return _URC_NO_REASON;
    }
    auto& e = *static_cast<entry_state*>(to);
    e.stack = _Unwind_GetCFA(frame);
    e.pc = pc;
    for (unsigned i = 0; i < std::size(preserved); ++i) {
        e.registers[i] = _Unwind_GetGR(frame, preserved[i]);
    }
    return _URC_END_OF_STACK;
}

template <size_t size>
__attribute__((noinline)) void blank() {
    uint8_t below[size];
    std::memset(below, 0, sizeof below);
    asm volatile("" : : "r"(static_cast<uint8_t*>(below)) : "memory");
}

// Unwinding and, by far, writing an execution down need more of the stack than spin_blank_below blanks.
constexpr size_t unwinding = size_t{1} << 14;
constexpr size_t recording = size_t{1} << 16;

void add_stack(digest& to, const context& c, const entry_state& entry) {
    uint64_t from = reinterpret_cast<uint64_t>(c.position);
    if (entry.stack != 0) {
        from = entry.stack;
        to.add(entry.pc);
        for (uint64_t value : entry.registers) {
            to.add(value);
        }
    }
    to.add(from);
    if (from != 0) {
        to.add_bytes(reinterpret_cast<const void*>(from), c.stack_high - from);
    }
}

void add_context(digest& to, const context& c, const entry_state& entry) {
    to.add(c.id | uint64_t{static_cast<uint8_t>(c.state)} << 8 | uint64_t{c.cpu} << 16);
    if (c.state != context_state::live) {
        return;
    }
    add_operation(to, c.op);
    to.add(c.has_awaited ? 1 : 0);
    if (c.has_awaited) {
        add_operation(to, c.awaited);
    }
    const bool flags[] = {c.detached, c.timed_out, c.signalled, c.spinning, c.in_no_hurry};
    to.add_bytes(static_cast<const bool*>(flags), sizeof flags);
    for (uint64_t word :
         {c.wake_time_ns, c.tls, c.announced, uint64_t{c.announced_as}, uint64_t{c.children},
          uint64_t{c.joiner}, uint64_t{c.section_depth},
          reinterpret_cast<uint64_t>(c.host.caught_exceptions),
          uint64_t{c.host.uncaught_exceptions}, static_cast<uint64_t>(c.host.error_number)}) {
        to.add(word);
    }
    add_stack(to, c, entry);
}

void add_blocks(digest& to) {
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        for (uint32_t i = 0; i < memory.count[slot]; ++i) {
            to.add(block_at(slot, i)->freed ? 1 : 0);
        }
    }
}

}  // namespace

void digest_blank_below() {
    g.record != nullptr ? blank<recording>() : blank<unwinding>();
}

entry_state entry_of_current() {
    entry_state e;
    _Unwind_Backtrace(look_at_frame, &e);
    digest_blank_below();
    return e;
}

digest digest_of_state(const std::vector<entry_state>& entries) {
    digest d;
    for (uint64_t word : {g.enabled, g.live, g.now_ns, uint64_t{g.context_count}}) {
        d.add(word);
    }
    for (unsigned i = 0; i < g.context_count; ++i) {
        add_context(d, g.contexts[i], entries[i]);
    }
    if (g.cpus_bound) {
        d.add(g.sharers);
        d.add(g.interrupts);
        d.add_bytes(static_cast<const uint8_t*>(g.cpu_holder), sizeof g.cpu_holder);
    }
    const names_state names = names_save();
    for (uint64_t word : {names.handlers, names.invariants, size_t{names.keys}}) {
        d.add(word);
    }
    digest_memory(d);
    add_blocks(d);
    return d;
}

}  // namespace sim
