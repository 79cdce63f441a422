#include "sim/machine/schedule.h"

#include <cstdio>
#include <cstdlib>

#include "sim/check/checker.h"
#include "sim/check/describe.h"
#include "sim/check/liveness.h"
#include "sim/check/race.h"
#include "sim/dependence.h"
#include "sim/machine/cpus.h"
#include "sim/machine/interrupts.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"
#include "sim/memory/words.h"

namespace sim {

machine g;

void choice_list::grow() {
    host_scope host;
    capacity_ = capacity_ == 0 ? 4096 : capacity_ * 2;
    data_ = static_cast<uint8_t*>(std::realloc(data_, capacity_));
    HEDDLE_ASSERT(data_ != nullptr);
}

recorded_choices choice_list::recorded() const {
    recorded_choices r(begin(), end());
    r.visible = visible_count();
    return r;
}

namespace {

using boost::context::detail::make_fcontext;
using boost::context::detail::transfer_t;

// Where a context begins. noexcept: an exception that nobody catches is reported where it was thrown.
void context_entry(transfer_t arrived) noexcept {
    static_cast<context*>(arrived.data)->position = arrived.fctx;
    context& c = *g.current;
    if (c.host_body != nullptr) {
        c.host_body(reinterpret_cast<void*>(c.start_argument));
    } else {
        c.result = reinterpret_cast<uint64_t>(c.start(reinterpret_cast<void*>(c.start_argument)));
    }
    if (c.tls != 0) {
        thread_cleanup(c);
    }
    context_finished(c);
}

uint8_t ask(uint64_t enabled) {
    bool current_enabled = g.last != 0xff && (enabled >> g.last & 1) != 0;
    if (!g.choosing) {
        return current_enabled ? g.last : static_cast<uint8_t>(__builtin_ctzll(enabled));
    }
    if (g.plan != g.plan_end) {
        const planned_choice& planned = *g.plan++;
        const uint8_t next = planned.choice;
        if ((enabled >> next & 1) == 0) {
            plan_not_followed(planned);
        }
        must_be(planned, g.contexts[next]);
        return next;
    }
    if ((enabled & (enabled - 1)) == 0 && !g.forced_points) {
        return static_cast<uint8_t>(__builtin_ctzll(enabled));
    }
    choice_view view{enabled, g.contexts, g.steps, g.last, current_enabled};
    return g.policy->choose(view);
}

}  // namespace

void plan_not_followed(const planned_choice& planned) {
    g.in_subject = false;
    const context& now = g.contexts[planned.choice & ~choice_is_data];
    context then = now;
    then.op.kind = planned.kind;
    then.op.object = planned.object;
    then.op.pc = 0;
    const bool can = (g.enabled & now.bit) != 0;
    std::fprintf(
        stderr,
        "heddle: the subject is not deterministic: after the same %u steps %s was about to do "
        "something else.\n  then: %s\n  now:  %s%s\n",
        g.steps, name_of_context(now.id).c_str(), describe_operation(then).c_str(),
        now.state == context_state::live ? describe_operation(now).c_str()
                                         : "nothing, it has ended",
        can ? "" : ", which is not possible");
    std::fflush(nullptr);
    _Exit(4);
}

bool start_all() {
    g.starts_late = false;
    while (g.unstarted != 0) {
        context& c = g.contexts[__builtin_ctzll(g.unstarted)];
        g.unstarted &= ~c.bit;  // it may come back here before it has an operation
        g.enabled &= ~c.bit;
        settle_now(c);
        if (g.end != execution_end::running) {
            return false;
        }
    }
    return true;
}

void take_back_start(context& c) {
    HEDDLE_ASSERT(g.last == c.id);
    g.plan -= g.before_start.planned ? 1 : 0;
    g.choices.resize(g.choices.size() - 1);
    --g.steps;
    g.last = g.before_start.last;
    g.preemptions = g.before_start.preemptions;
}

void keep_block(const context& c) {
    host_scope host;
    g.blocks.push_back({c.reason, c.op.object, c.id});
    if (g.record != nullptr) {
        record_blocked(c);
    }
}

namespace {

// Who has its CPU; of these who does not wait for a rest (fair.h) can go on. Whoever waits keeps its CPU.
struct able {
    uint64_t possible = 0;
    uint64_t enabled = 0;
};

able who_can_go_on() {
    able a;
    a.possible = with_cpus(g.enabled);
    a.enabled = a.possible & ~(g.choosing ? fair_waiting() : 0);
    return a;
}

void step_begins(context& c, const able& who) {
    if (__builtin_expect(g.record != nullptr, 0)) {
        record_step(c, who.enabled);
    }
    if (fair_on && g.choosing) {
        fair_chosen(c, who.possible);
    }
    if (end_watched) {
        end_watch_step(c);
    }
    if (by_graph() && !is_word_access(c.op)) {
        host_scope host;
        graph.add_step(c);
    }
    g.last = c.id;
    g.others_moved |= !g.choosing && !c.service;
    cpu_taken(c);
    g.accesses_left = g.limits.accesses_max;
}

}  // namespace

context* pick_next_slow() {
    HEDDLE_ASSERT(g.unstarted == 0 || !g.slow_scheduling);
    if (fair_on && g.choosing && g.current != nullptr && g.current->state == context_state::live) {
        fair_arrived(*g.current);
    }
    able who = who_can_go_on();
    while (__builtin_expect(who.enabled == 0, 0)) {
        pass_time();
        if (g.end != execution_end::running) {
            return nullptr;
        }
        who = who_can_go_on();
    }
    const uint64_t enabled = who.enabled;
    uint8_t next = ask(enabled);
    if (next >= choose_pause) {
        g.end = next == choose_stop ? execution_end::pruned : execution_end::paused;
        return nullptr;
    }
    HEDDLE_ASSERT((enabled >> next & 1) != 0);
    if (g.choosing) {
        g.choices.push_back(next);
        g.preemptions += g.last != 0xff && next != g.last && (enabled >> g.last & 1) != 0;
    }
    if (++g.steps >= g.limits.steps_max) {
        g.end = execution_end::step_bound;
        return nullptr;
    }
    context& c = g.contexts[next];
    step_begins(c, who);
    return &c;
}

host_cells host_state;

void watch_entries(bool on) {
    g.watching_entries = on;
    call_frame* frames = g.current != nullptr ? g.current->frames : g.host.frames;
    g.frame_limit = on ? nullptr : frames + call_depth_max;
}

namespace {

// Whether what the context has just done ends its stretch of looking (spin.h). Atomics and accesses to
// visible locations have said so themselves.
void tell_spins(context& c) {
    switch (c.op.kind) {
        case op_kind::load:
        case op_kind::store:
        case op_kind::cas:
        case op_kind::rmw:
        case op_kind::yield:
        case op_kind::dispatch:
        case op_kind::give_up:
            return;
        case op_kind::trylock:
        case op_kind::tryrdlock:
        case op_kind::trywrlock:
        case op_kind::sem_trywait:
            if (c.op.only_read) {
                return;
            }
            break;
        default:
            break;
    }
    spin_wrote(c);
    if (g.awaiting != 0) {
        spin_wake();
    }
}

}  // namespace

void operation_done(context& c) {
    tell_spins(c);
    if (c.section_depth != 0) {
        return;  // part of the section's one operation
    }
    if (g.outcome != nullptr) {
        if (c.id == g.last) {
            *g.outcome = c.op;
        }
    } else if (g.keep_operations) {
        host_scope host;
        g.history.push_back({c.op, c.id});
    }
    if (__builtin_expect(g.slow_scheduling, 0)) {
        if (g.record != nullptr) {
            record_outcome(c);
            liveness_stored(c.op);
        }
        fair_blank_below();
    }
}

uint32_t choose_alternative(uint32_t n) {
    if (!g.choosing || n <= 1) {
        return 0;
    }
    host_scope host;
    choice_view view{g.enabled, g.contexts, g.steps, g.last, true};
    uint32_t taken = 0;
    if (g.plan != g.plan_end) {
        const planned_choice& planned = *g.plan++;
        taken = planned.choice & ~uint32_t{choice_is_data};
        if ((planned.choice & choice_is_data) == 0 || taken >= n) {
            plan_not_followed(planned);
        }
    } else {
        taken = g.policy->pick(view, n);
        HEDDLE_ASSERT(taken < n);
    }
    g.choices.push_back(static_cast<uint8_t>(choice_is_data | taken));
    return taken;
}

namespace {

// Numbers are given to paths (creator, which of its contexts) and kept for as long as the process
// lives: they are the same in every interleaving, however creations are ordered. Addresses of stacks
// and heaps follow from them.
context_path paths[contexts_max];
unsigned paths_known = 0;

unsigned context_id(uint32_t parent, uint32_t nth) {
    for (unsigned id = 0; id < paths_known; ++id) {
        if (paths[id].parent == parent && paths[id].nth == nth) {
            return id;
        }
    }
    if (paths_known == contexts_max) {
        return contexts_max;
    }
    paths[paths_known] = {parent, nth};
    return paths_known++;
}

// A CPU that nobody has, the context's number if possible.
uint8_t unused_cpu(uint8_t id) {
    uint64_t used = 0;
    for (uint64_t rest = g.live & ~(1ULL << id); rest != 0; rest &= rest - 1) {
        used |= 1ULL << g.contexts[__builtin_ctzll(rest)].cpu;
    }
    return (used >> id & 1) == 0 ? id : static_cast<uint8_t>(__builtin_ctzll(~used));
}

void prepare_context(context& c, unsigned id) {
    static_cast<context_core&>(c) = context_core{};
    c.id = static_cast<uint8_t>(id);
    c.cpu = g.cpus_bound ? unused_cpu(c.id) : c.id;
    c.bit = 1ULL << id;
    c.parent = g.current != nullptr ? g.current->id : 0xff;
    c.created_at = g.steps;
    if (g.current != nullptr) {
        c.joined = g.current->joined;
    }
    if (id >= g.clock_width) {
        g.clock_width = (id + 4) & ~3U;
    }
    if (__builtin_expect(c.stack_high == 0, 0)) {
        memory_make_stack(c);
    }
    c.state = context_state::live;
    c.name.clear();
    c.ran = true;
    race_create(g.current != nullptr ? *g.current : g.host, c);
    if (by_graph()) {
        graph.created(g.current, c);
    }
    spin_blank_stack(c);
    c.position = make_fcontext(reinterpret_cast<void*>(c.stack_high - 64),
                               c.stack_high - 64 - c.stack_low, context_entry);
    g.live |= c.bit;
}

}  // namespace

context& create_context(void* (*start)(void*), void* argument, void (*host_body)(void*),
                        uint64_t pc) {
    uint32_t nth = ++(g.current != nullptr ? *g.current : g.host).children;
    unsigned id = context_id(g.current != nullptr ? g.current->id : 0xff, nth);
    if (id == contexts_max) {
        finding f;
        f.kind = finding_kind::unsupported;
        f.pc = pc;
        f.text = "more than 64 contexts";
        report(f);
        end_execution(execution_end::fatal);
    }
    context& c = g.contexts[id];
    prepare_context(c, id);
    c.nth_child = nth;
    if (id >= g.context_count) {
        g.context_count = id + 1;
    }
    c.start = start;
    c.host_body = host_body;
    c.start_argument = reinterpret_cast<uint64_t>(argument);
    return c;
}

void reuse_context(context& c, void* argument, void (*host_body)(void*)) {
    HEDDLE_ASSERT(c.state == context_state::done);
    const uint32_t children = c.children;
    prepare_context(c, c.id);
    c.children = children;  // they may still live: the next one is another
    c.host_body = host_body;
    c.start_argument = reinterpret_cast<uint64_t>(argument);
}

std::vector<context_path> context_paths() {
    return {paths, paths + paths_known};
}

bool add_context_paths(const std::vector<context_path>& more) {
    for (unsigned i = 0; i < more.size(); ++i) {
        if (i < paths_known ? paths[i] != more[i] : i >= contexts_max) {
            return false;
        }
        paths[i] = more[i];
        paths_known = paths_known > i + 1 ? paths_known : i + 1;
    }
    return true;
}

void context_finished(context& c) {
    if (has_begun(c)) {
        leave_cpu(0);  // what comes after that is no part of the interrupt
    }
    tell_checkers(&checker::finished, c);
    leave_cpu(0);
    c.state = context_state::done;
    g.live &= ~c.bit;
    g.enabled &= ~c.bit;
    if (__builtin_expect((g.unstarted & c.bit) != 0, 0)) {
        g.unstarted &= ~c.bit;
        if (c.settle_parent == 0xff) {
            take_back_start(c);  // it had no operation at all
        }
    }
    record_remark("exit", 0, "");
    if (c.joiner != 0xff) {
        // The joiner goes on to its next point at once: a join is no choice of anybody. There it goes back
        // to who has let this one begin, if that was it.
        g.contexts[c.joiner].settle_parent = c.settle_parent;
        jump(c, g.contexts[c.joiner]);
    }
    if (c.settle_parent != 0xff) {
        jump(c, c.settle_parent == settle_to_host ? g.host : g.contexts[c.settle_parent]);
    }
    context* next = pick_next();
    jump(c, next != nullptr ? *next : g.host);
    __builtin_unreachable();
}

void end_execution(execution_end why) {
    g.end = why;
    HEDDLE_ASSERT(g.current != nullptr);
    jump(*g.current, g.host);
    __builtin_unreachable();
}

void sleep_until(context& c, uint64_t deadline_ns) {
    c.wake_time_ns = deadline_ns;
    c.timed_out = false;
    c.in_no_hurry = c.housekeeping && c.service;
    c.housekeeping = false;
}

void stop_timer(context& c) {
    c.wake_time_ns = ~0ULL;
}

execution_end run_contexts() {
    HEDDLE_ASSERT(g.current == nullptr);
    g.end = execution_end::running;
    if (g.live == 0) {
        return g.end = execution_end::done;
    }
    context* first = pick_next();
    if (first != nullptr) {
        jump(g.host, *first);
    }
    HEDDLE_ASSERT(g.end != execution_end::running);
    return g.end;
}

execution_end run_past_bound() {
    HEDDLE_ASSERT(g.current == nullptr && g.end == execution_end::step_bound);
    g.end = execution_end::running;
    context& c = g.contexts[g.choices.end()[-1]];
    step_begins(c, who_can_go_on());
    jump(g.host, c);
    HEDDLE_ASSERT(g.end != execution_end::running);
    return g.end;
}

}  // namespace sim
