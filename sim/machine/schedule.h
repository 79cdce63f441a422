// schedule.h - scheduling points: where one context may stop and another go on.
// Source:  design section 4.
// Shapes:  a context calls point() with its operation published in op; when point() returns, the
//          context has been chosen and performs the operation at once, then runs on to its next point.
// Locks:   none.
// Errors:  does not return when the execution has ended.
#pragma once

#include <xmmintrin.h>

#include "sim/machine/fair.h"
#include "sim/machine/loops.h"
#include "sim/machine/machine.h"

namespace sim {

// Fixed for the one OS thread that simulates: libstdc++'s exception state and errno, which belong to
// the context that runs.
struct exception_globals {
    void* caught;
    unsigned uncaught;
};
struct host_cells {
    exception_globals* exceptions = nullptr;
    int* error_number = nullptr;
};
extern host_cells host_state;

inline constexpr uint8_t settle_to_host = 0xfe;

#define HEDDLE_FLAT inline __attribute__((always_inline))

// A switch makes the processor mispredict every return between it and the subject's code. Hence what
// leads from a hook to the switch is inlined into the hook, and only what is rare is called.

// Leaves `from` and goes on with `to`. Returns when somebody jumps back to `from`.
HEDDLE_FLAT void jump(context& from, context& to) {
    from.host.caught_exceptions = host_state.exceptions->caught;
    from.host.uncaught_exceptions = host_state.exceptions->uncaught;
    from.host.error_number = *host_state.error_number;
    host_state.exceptions->caught = to.host.caught_exceptions;
    host_state.exceptions->uncaught = to.host.uncaught_exceptions;
    *host_state.error_number = to.host.error_number;
    from.left_at = reinterpret_cast<uint64_t>(__builtin_dwarf_cfa());
    from.depth = static_cast<uint32_t>(g.frame_top - from.frames);
    g.frame_top = to.frames + to.depth;
    g.frame_limit = g.watching_entries ? nullptr : to.frames + call_depth_max;
    bool to_host = &to == &g.host;
    g.current = to_host ? nullptr : &to;
    g.in_subject = !to_host;
    to.ran = true;
    boost::context::detail::transfer_t arrived =
        boost::context::detail::jump_fcontext(to.position, &from);
    static_cast<context*>(arrived.data)->position = arrived.fctx;
}

// To be called before contexts are made or go on. The floating-point flags that the host has raised are
// not the subject's to see; and a switch between contexts whose flags differ costs as much as fifteen.
inline void lower_float_flags() {
    const unsigned state = _mm_getcsr();
    if ((state & _MM_EXCEPT_MASK) != 0) {
        _mm_setcsr(state & ~unsigned{_MM_EXCEPT_MASK});
    }
}

// The subject did something else than the last time with the same choices: exit 4.
[[noreturn]] void plan_not_followed(const planned_choice& planned);

// What a context is about to do must be what it was about to do when this choice was made first.
HEDDLE_FLAT void must_be(const planned_choice& planned, const context& c) {
    if (__builtin_expect(planned.kind != c.op.kind || planned.object != c.op.object, 0)) {
        plan_not_followed(planned);
    }
}

// Nobody can go on: who waits for a rest does (fair.h), or time passes to the next deadline, or g.end says why
// there is no step.
void pass_time();

// Who performs the next step; null with g.end set when the execution is over.
context* pick_next_slow();

// Runs every context that has not run yet to its first operation. False: the execution ended.
[[nodiscard]] bool start_all();
// The current context was chosen before its first operation was known; it is not possible: undoes it.
void take_back_start(context& c);

HEDDLE_FLAT context* pick_next() {
    if (__builtin_expect(g.unstarted != 0 && g.needs_pending && g.plan == g.plan_end, 0)) {
        if (!start_all()) {
            return nullptr;
        }
    }
    uint64_t enabled = g.enabled;
    if (__builtin_expect(enabled == 0 || g.slow_scheduling, 0)) {
        return pick_next_slow();
    }
    uint8_t next;
    uint8_t last = g.last;
    bool last_enabled = last != 0xff && (enabled >> last & 1) != 0;
    const bool planned = g.plan != g.plan_end;
    if (planned) {
        const planned_choice& p = *g.plan++;
        next = p.choice;
        if (__builtin_expect((enabled >> next & 1) == 0, 0)) {
            // Time has to pass first, and contexts that have not run yet were taken for enabled.
            --g.plan;
            return start_all() ? pick_next_slow() : nullptr;
        }
        if ((g.unstarted >> next & 1) == 0) {
            must_be(p, g.contexts[next]);
        }
    } else if ((enabled & (enabled - 1)) == 0 && !g.forced_points) {
        next = static_cast<uint8_t>(__builtin_ctzll(enabled));
    } else {
        next = g.policy->choose({enabled, g.contexts, g.steps, last, last_enabled});
        if (__builtin_expect(next >= choose_pause, 0)) {
            g.end = next == choose_stop ? execution_end::pruned : execution_end::paused;
            return nullptr;
        }
        HEDDLE_ASSERT((enabled >> next & 1) != 0);
    }
    if (__builtin_expect((g.unstarted >> next & 1) != 0, 0)) {
        g.before_start = {g.preemptions, last, planned};
    }
    g.choices.push_back(next);
    g.preemptions += last_enabled && next != last;
    if (__builtin_expect(++g.steps >= g.limits.steps_max, 0)) {
        g.end = execution_end::step_bound;
        return nullptr;
    }
    g.last = next;
    g.accesses += g.limits.accesses_max - g.accesses_left;
    g.accesses_left = g.limits.accesses_max;
    return &g.contexts[next];
}

// The same as point() where contexts share a CPU (cpus.h).
void point_of_sharer(context& c, bool can_go_on);

// A context that is about to wait: remembered, and shown if somebody records.
void keep_block(const context& c);

// The current context, its operation published, goes on when it is chosen. Until then others do.
HEDDLE_FLAT void wait_for_turn(context& c) {
    context* next;
    if (__builtin_expect(c.settle_parent != 0xff, 0)) {
        next = c.settle_parent == settle_to_host ? &g.host : &g.contexts[c.settle_parent];
        c.settle_parent = 0xff;
    } else {
        next = pick_next();
        if (next == nullptr) {
            next = &g.host;
        }
    }
    if (next != &c) {
        jump(c, *next);
    }
}

// The current context may perform its published operation now (true), or sleeps until somebody sets
// its bit in g.enabled (false). Returns when it was chosen.
HEDDLE_FLAT void point(context& c, bool can_go_on) {
    if (__builtin_expect(((g.unstarted | g.sharers) & c.bit) != 0, 0)) {
        if ((g.sharers & c.bit) != 0) {
            return point_of_sharer(c, can_go_on);
        }
        g.unstarted &= ~c.bit;
        if (c.settle_parent == 0xff) {
            if (can_go_on) {
                if (g.before_start.planned) {
                    must_be(g.plan[-1], c);
                }
                return;  // chosen already
            }
            take_back_start(c);
        }
    }
    if (can_go_on) {
        g.enabled |= c.bit;
    } else {
        g.enabled &= ~c.bit;
        if (g.choosing) {
            keep_block(c);
        }
    }
    wait_for_turn(c);
}

// Where the current context is about to do a visible operation: publishes it and waits for the choice.
HEDDLE_FLAT operation& begin_operation(op_kind kind, uint64_t object, uint64_t pc,
                                       bool can_go_on = true, uint32_t size = 0, uint32_t aux = 0) {
    context& c = *g.current;
    c.op.kind = kind;
    c.op.size = size;
    c.op.order = 5;
    c.op.only_read = false;
    c.op.has_values = false;
    c.op.aux = aux;
    c.op.object = object;
    c.op.object2 = 0;
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
// What is in its word.
uint64_t await_value(const operation& op);

// Makes a context: subject code, or a host body that calls into the subject.
context& create_context(void* (*start)(void*), void* argument, void (*host_body)(void*),
                        uint64_t pc);
// The same in the place of one that has finished, heap and all.
void reuse_context(context& c, void* argument, void (*host_body)(void*));
// Runs a new context to its first scheduling point, then returns to the creator.
HEDDLE_FLAT void settle_now(context& child) {
    context& parent = g.current != nullptr ? *g.current : g.host;
    child.settle_parent = g.current != nullptr ? parent.id : settle_to_host;
    jump(parent, child);
}
// The same, or later, when it is chosen first.
HEDDLE_FLAT void settle(context& child) {
    if (g.starts_late) {
        g.unstarted |= child.bit;
        g.enabled |= child.bit;
    } else {
        settle_now(child);
    }
}
// Which of its creator's contexts each number was given to (0xff: the host), at first sight and for good. A
// process that is to make the same choices must have the same numbers.
struct context_path {
    uint32_t parent;
    uint32_t nth;
    bool operator==(const context_path&) const = default;
};
std::vector<context_path> context_paths();
// Between two executions. False: some number is given otherwise.
[[nodiscard]] bool add_context_paths(const std::vector<context_path>& paths);

// To be called when g.choosing, g.record, g.cpus_bound, fair_on or end_watched has changed.
inline void scheduling_changed() {
    g.slow_scheduling =
        !g.choosing || g.record != nullptr || g.cpus_bound || fair_on || end_watched || g.by_graph;
}
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
// The same after execution_end::step_bound: the step that was chosen is taken all the same.
execution_end run_past_bound();

// Asks the strategy for one of n alternatives.
uint32_t choose_alternative(uint32_t n);

}  // namespace sim
