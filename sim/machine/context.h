// context.h - a thread of control of the subject, as the machine sees it.
// Source:  design section 4; fcontext of Boost.Context for the switch.
// Shapes:  clocks are vectors indexed by context id; an epoch is id << 24 | clock.
// Locks:   none; the machine runs one context at a time on one OS thread.
// Errors:  none.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstdint>
#include <string>

#include "sim/machine/layout.h"
#include "sim/machine/operation.h"

namespace sim {

inline constexpr unsigned epoch_shift = 24;
inline constexpr uint32_t epoch_clock_mask = (1U << epoch_shift) - 1;

struct vector_clock {
    uint32_t at[contexts_max];
};

// One entry of the shadow call stack, kept by __tsan_func_entry and _exit.
struct call_frame {
    uint64_t call_pc;      // where the caller called from (a return address)
    uint64_t function_pc;  // a place inside the function entered
};

inline constexpr uint32_t call_depth_max = 2000;

// Reads without a write of one's own in between that are told apart (spin.h).
inline constexpr uint32_t spin_reads_max = 64;

// CPU of the context that runs alone.
inline constexpr uint8_t alone_cpu = contexts_max - 1;

enum class context_state : uint8_t { unused, live, done };

// What a context that is switched out has in libstdc++'s and libc's per-thread memory.
struct host_thread_state {
    void* caught_exceptions = nullptr;
    unsigned uncaught_exceptions = 0;
    int error_number = 0;
};

// The part that a snapshot saves and a restore puts back as plain bytes.
struct context_core {
    boost::context::detail::fcontext_t position = nullptr;
    uint64_t bit = 0;
    operation op;                   // pending, valid while switched out at a scheduling point
    uint64_t wake_time_ns = ~0ULL;  // virtual time at which a timed wait gives up
    uint64_t left_at =
        0;  // switched out: what lies below on its stack is in no frame of the subject
    uint64_t scan_from = 0;  // end of the process: its live stack begins here
    uint64_t tls = 0;        // address of its thread-local block, 0: not made yet
    uint64_t result = 0;     // of the thread function
    uint64_t start_argument = 0;
    void* (*start)(void*) = nullptr;  // subject code; null: host body below
    void (*host_body)(void*) = nullptr;
    const char* reason = nullptr;   // what an await says it waits for
    uint32_t epoch = 0;             // id << 24 | own clock
    uint32_t depth = 0;             // shadow call stack, while switched out
    uint64_t seen = 0;              // spin.h: which reads there were since it wrote last, by hash
    uint64_t announced = 0;         // word of which its next update was announced, and as what
    uint64_t announced_object = 0;  // whose references that word counts
    uint32_t announced_as = 0;      // update_take, update_put; update_adds: its result is not used
    uint64_t joined = 0;            // contexts whose end happened before this one's next operation
    uint32_t children = 0;          // contexts it created
    uint32_t nth_child = 0;         // which of its creator's, from 1
    uint32_t created_at = 0;        // steps performed before it was created
    uint32_t granted_at = 0;        // steps performed when it was woken
    uint32_t parent = 0;            // 0xff: the host
    uint32_t section_depth = 0;
    uint32_t reads = 0;  // spin.h: how many there were
    uint8_t id = 0;
    uint8_t cpu = 0;
    uint8_t joiner = 0xff;         // context blocked in join on this one
    uint8_t settle_parent = 0xff;  // who continues when this one reached its first operation
    uint8_t interrupt_level = 0;   // 1 to 7: an interrupt, which does not sleep; 0: none
    uint8_t level = 0;             // what it raises its CPU to
    context_state state = context_state::unused;
    bool service = false;
    bool bound = false;  // the subject chose its CPU
    bool detached = false;
    bool timed_out = false;
    bool housekeeping = false;  // said of its next wait with a time limit
    bool in_no_hurry = false;   // wake_time_ns is that of a service's housekeeping
    bool signalled = false;     // condition or futex wake reached it
    bool c11 = false;
    bool spinning = false;  // waits for a location to change that its loop has read
    bool has_release_fence = false;
    bool has_acquire_clock = false;
    bool has_awaited = false;
    host_thread_state host;
};

struct context : context_core {
    bool ran = false;  // since the innermost snapshot: its stack must be put back
    uint64_t stack_low = 0;
    uint64_t stack_high = 0;
    operation awaited;  // what it will wait for when it has given its CPU up (cpus.h)
    vector_clock clock;
    vector_clock release_fence;          // clock at the last release fence
    vector_clock acquire_pending;        // what relaxed loads saw, for a later acquire fence
    uint64_t read_keys[spin_reads_max];  // those reads
    call_frame outside = {};             // where frame_top[-1] is in no call at all
    call_frame frames[call_depth_max];
    std::string name;  // given by the subject; else made from the path when asked for
};

}  // namespace sim
