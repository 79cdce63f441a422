#include "sim/simulation.h"

#include <fmt/format.h>
#include <sys/single_threaded.h>

#include <cxxabi.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/describe.h"
#include "sim/check/invariant.h"
#include "sim/check/leak.h"
#include "sim/check/liveness.h"
#include "sim/check/lost_wakeup.h"
#include "sim/check/race.h"
#include "sim/check/suppress.h"
#include "sim/machine/again.h"
#include "sim/machine/cpus.h"
#include "sim/machine/interrupts.h"
#include "sim/machine/module.h"
#include "sim/machine/names.h"
#include "sim/machine/process.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"
#include "sim/memory/words.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

void run_body(void* argument) {
    auto* body = static_cast<const std::function<void()>*>(argument);
    g.in_subject = false;
    (*body)();
}

// Has to get its CPU first: what a context does before its first operation is no step, and would come
// between two steps of another one.
void run_body_on_shared_cpu(void* argument) {
    g.in_subject = true;
    share_cpu(0);
    run_body(argument);
}

void run_body_as_interrupt(void* argument) {
    g.in_subject = true;
    begin_interrupt(g.current->interrupt_level, 0);
    run_body(argument);
}

context& start_context(const context_body& b, bool shares_cpu) {
    auto* argument = const_cast<std::function<void()>*>(&b.body);
    context& c = create_context(nullptr, argument,
                                b.interrupt_level != 0 ? run_body_as_interrupt
                                : shares_cpu           ? run_body_on_shared_cpu
                                                       : run_body,
                                0);
    c.name = b.name;
    c.cpu = static_cast<uint8_t>(b.cpu);
    c.interrupt_level = static_cast<uint8_t>(b.interrupt_level);
    c.bound = b.bound;
    return c;
}

// Of those that are there and those that are to come.
uint64_t shared_cpus(const std::vector<context_body>& bodies) {
    uint64_t seen = 0;
    uint64_t shared = 0;
    const auto add = [&](unsigned cpu) {
        shared |= seen & 1ULL << cpu;
        seen |= 1ULL << cpu;
    };
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        add(g.contexts[__builtin_ctzll(rest)].cpu);
    }
    for (const context_body& b : bodies) {
        add(b.cpu);
    }
    return shared;
}

uint64_t interruptible_cpus(const std::vector<context_body>& bodies) {
    uint64_t cpus = visible_cpus();
    for (const context_body& b : bodies) {
        cpus |= b.interrupt_level != 0 ? 1ULL << b.cpu : 0;
    }
    return cpus;
}

// Those that are there wait, and have no CPU.
void share_with_bodies(uint64_t shared) {
    for (uint64_t rest = g.live & ~g.sharers; rest != 0; rest &= rest - 1) {
        context& c = g.contexts[__builtin_ctzll(rest)];
        if ((shared >> c.cpu & 1) != 0 || on_interruptible_cpu(c)) {
            g.sharers |= c.bit;
            wait_for_cpu(c);
        }
    }
}

}  // namespace

simulation::simulation(const simulation_options& options) {
    // libstdc++ counts shared_ptr without atomics while this is true.
    __libc_single_threaded = 0;
    memory_init();
    race_init();
    process_watch();
    host_state = {reinterpret_cast<exception_globals*>(abi::__cxa_get_globals()), &errno};
    set_options(options);
    std::memset(g.cpu_holder, 0xff, sizeof g.cpu_holder);
}

void simulation::set_options(const simulation_options& options) {
    options_ = options;
    g.checks = check_undo | options.checks;
    listen(options.checks);
    g.deep = options.deep;
    g.wrong_results = options.wrong_results;
    g.clock_moves = false;
    set_limits(options.limits);
}

void simulation::set_limits(const machine_limits& limits) {
    options_.limits = g.limits = limits;
    g.accesses_left = limits.accesses_max;
    g.clock_moves |= limits.faults[static_cast<size_t>(fault::early_timer)] != 0;
}

bool simulation::load(const std::string& path, std::string& error) {
    return module_load(path, error);
}

bool simulation::run_alone(const std::function<void()>& body) {
    uint32_t checks = g.checks;
    // Alone, everything is ordered by the fact that it ran before.
    g.checks &= ~static_cast<uint32_t>(check_race);
    g.choosing = false;
    g.time_of_services.rounds = 0;
    g.time_of_services.choices = static_cast<uint32_t>(g.choices.size());
    scheduling_changed();
    lower_float_flags();
    uint8_t last = g.last;
    auto* argument = const_cast<std::function<void()>*>(&body);
    // One that was made after the snapshot went away with its execution.
    if (alone_ == contexts_max || g.contexts[alone_].state == context_state::unused) {
        alone_ = create_context(nullptr, argument, run_body, 0).id;
    } else {
        reuse_context(g.contexts[alone_], argument, run_body);
    }
    context& c = g.contexts[alone_];
    c.name = alone_name;
    c.cpu = alone_cpu;
    settle(c);
    g.last = c.id;
    execution_end end = run_contexts();
    g.last = last;
    g.checks = checks;
    if (end == execution_end::deadlock) {
        report_blocked_for_good(0);
    }
    return end == execution_end::done && g.findings.empty();
}

void simulation::set_contexts(std::vector<context_body> bodies) {
    bodies_ = std::move(bodies);
}

bool simulation::place_service(const std::string& name, unsigned cpu) {
    for (unsigned i = 0; i < g.context_count; ++i) {
        context& c = g.contexts[i];
        if (c.state == context_state::live && c.service && c.name == name) {
            c.cpu = static_cast<uint8_t>(cpu);
            c.bound = true;
            return true;
        }
    }
    return false;
}

// Services that chose no CPU get one each, behind those of the race.
void simulation::place_services() {
    unsigned next = 0;
    for (const context_body& b : bodies_) {
        next = std::max(next, b.cpu + 1);
    }
    for (unsigned i = 0; i < g.context_count; ++i) {
        const context& c = g.contexts[i];
        next = c.state == context_state::live && c.bound ? std::max(next, c.cpu + 1U) : next;
    }
    for (unsigned i = 0; i < g.context_count; ++i) {
        context& c = g.contexts[i];
        if (c.state == context_state::live && !c.bound) {
            c.cpu = static_cast<uint8_t>(next++);
        }
    }
}

void simulation::take_snapshot() {
    suppressions();  // read now: a finding may be made on the small stack of a signal
    place_services();
    memory_before_race();
    invariants_before_race();
    bool whole = !module_unseen_writers().empty();
    snapshot_compare(whole              ? compare_mode::repair
                     : options_.compare ? compare_mode::check
                                        : compare_mode::off);
    HEDDLE_ASSERT(snapshot_push() == 0);
}

// From the root snapshot: every context of the race is made and runs to its first operation.
void simulation::start_bodies() {
    g.last = 0xff;
    g.steps = g.preemptions = g.time_passed_at = g.time_of_services.rounds = 0;
    g.time_of_services.choices = static_cast<uint32_t>(g.choices.size());
    g.others_moved = false;
    g.blocks.clear();
    g.interruptible |= interruptible_cpus(bodies_);
    const uint64_t shared = shared_cpus(bodies_);
    g.cpus_bound |= (shared | g.interruptible) != 0;
    g.starts_late &= !g.cpus_bound;
    scheduling_changed();
    share_with_bodies(shared);
    for (const context_body& b : bodies_) {
        const bool shares = ((shared | (b.bound ? g.interruptible : 0)) >> b.cpu & 1) != 0;
        context& c = start_context(b, shares);
        settle_now(c);
        if (g.end != execution_end::running) {
            return;  // a finding before the first choice
        }
    }
}

execution_end simulation::run(strategy& s) {
    const unsigned level = s.resume_level();
    g.forced_points = s.wants_forced();
    g.needs_pending = s.wants_pending();
    g.spin_for_good = s.gives_up_spins();
    g.keep_operations = s.wants_operations();
    g.outcome = nullptr;
    spin_begin(g.record != nullptr || g.watch_window != nullptr || g.watching_entries);
    again_strategy once_more(s);
    g.policy = &s;
    run_from(level, once_more);
    while (g.end == execution_end::again) {
        once_more.repeat();
        g.policy = &once_more;
        g.plan = g.plan_end;  // what it pointed at may be gone; all choices come from there
        spin_begin(false);
        run_from(level, once_more);
    }
    g.policy = &s;
    if (g.end == execution_end::deadlock) {
        report_blocked_for_good(would_go_on_if_woken(woken_too_early()));
    }
    if (g.end == execution_end::done || g.end == execution_end::deadlock) {
        tell_checkers(&checker::ended, g.end);
    }
    g.choosing = g.by_graph = false;
    g.unstarted = 0;
    g.starts_late = false;
    spin_begin(true);
    g.limits = options_.limits;
    end_watch(false);
    return g.end;
}

// Snapshots are announced by way of whoever may have to repeat all this.
void simulation::run_from(unsigned level, strategy& announce) {
    snapshot_restore(level);
    g.end = execution_end::running;
    g.choosing = true;
    g.by_graph = chosen_memory != memory_model::interleaving;
    if (g.by_graph) {
        graph.clear();
        g.checks |= check_race;  // it knows what happens before what
    }
    g.unstarted = 0;
    g.accesses = 0;
    g.accesses_left = g.limits.accesses_max;
    lower_float_flags();
    // What is seen of the end must not depend on where there are snapshots.
    const uint32_t late = end_watch_begins(options_.limits.steps_max);
    g.limits.steps_max = g.steps < late ? late : options_.limits.steps_max;
    end_watch(false);
    // A plan that ends in a data choice ends within a step, which may end the execution: then what the others
    // were about to do must be known.
    const bool to_a_step = g.plan != g.plan_end && (g.plan_end[-1].choice & choice_is_data) == 0;
    g.starts_late = g.record == nullptr && !g.cpus_bound && !fair_on && !g.by_graph &&
                    (!g.needs_pending || to_a_step);
    scheduling_changed();
    if (level == 0) {
        start_bodies();
    }
    while (g.end == execution_end::running) {
        if (run_contexts() == execution_end::step_bound) {
            watch_the_end();
        }
        if (g.end == execution_end::paused && fair_rest_due()) {
            fair_rest();
        } else if (g.end == execution_end::paused) {
            announce.snapshot_made(snapshot_push());
            g.end = execution_end::running;
        }
    }
}

// It has become long: what it does until the bound is looked at.
void simulation::watch_the_end() {
    if (g.steps >= options_.limits.steps_max) {
        return;
    }
    g.limits.steps_max = options_.limits.steps_max;
    end_watch(g.unstarted == 0);
    scheduling_changed();
    run_past_bound();
}

void simulation::final_checks() {
    uint32_t checks = g.checks;
    g.checks &= ~static_cast<uint32_t>(check_race);
    if ((options_.checks & check_invariant) != 0 && !subject_names.invariants.empty()) {
        static const std::function<void()> check = [] {
            g.in_subject = true;
            check_invariants_at_end();
        };
        g.live = g.enabled = 0;  // whoever has called exit, and who was left then, does not go on
        run_alone(check);
    }
    g.checks = checks;
    if ((options_.checks & check_leak) != 0) {
        check_leaks();
    }
}

context_body program_main(const std::vector<std::string>& arguments) {
    uint64_t entry = g.subject->main_address();
    // Arguments are the program's to change: they live in its memory and are part of the snapshot.
    size_t n = arguments.size();
    auto** argv = static_cast<char**>(subject_allocate((n + 1) * sizeof(char*), 16, 0));
    for (size_t i = 0; i < n; ++i) {
        const std::string& a = arguments[i];
        argv[i] = static_cast<char*>(subject_allocate(a.size() + 1, 16, 0));
        std::memcpy(argv[i], a.c_str(), a.size() + 1);
    }
    argv[n] = nullptr;
    return {"main", 0,
            [entry, n, argv] {
                g.in_subject = true;
                int status = reinterpret_cast<int (*)(int, char**, char**)>(entry)(
                    static_cast<int>(n), argv, environ);
                g.current->scan_from = g.current->stack_high;
                subject_exit(status, true, 0);
            },
            false};
}

}  // namespace sim
