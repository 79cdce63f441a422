#include "sim/check/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/check/liveness.h"
#include "sim/machine/fair.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

const char* const op_names[] = {
    "none",          "load",         "store",          "rmw",      "cas",
    "fence",         "lock",         "trylock",        "unlock",   "rdlock",
    "tryrdlock",     "wrlock",       "trywrlock",      "rwunlock", "cond_wait",
    "cond_resume",   "signal",       "broadcast",      "sem_wait", "sem_trywait",
    "sem_post",      "barrier",      "barrier_resume", "once",     "once_finish",
    "futex_wait",    "futex_resume", "futex_wake",     "await",    "sleep",
    "yield",         "choose",       "section",        "point",    "join",
    "thread_exit",   "exit",         "dispatch",       "give_up",  "interrupt",
    "interrupt_end", "raise_level",  "lower_level"};
static_assert(sizeof op_names / sizeof *op_names == static_cast<size_t>(op_kind::count_));

trace_evidence told(const finding_evidence& f) {
    trace_evidence e;
    e.label = f.label;
    e.context = f.context;
    e.step = f.step;
    for (const uint64_t call : f.calls) {
        e.stack.push_back(frame_at(call));
    }
    e.text = f.text + place_with_caller(e.stack);
    return e;
}

// Where an interrupt has interrupted the one whose mutex it waits for.
trace_evidence host_of(const finding& f) {
    const context& host = g.contexts[f.other_context];
    trace_evidence e;
    e.label = "interrupted";
    e.step = g.steps;
    e.context = f.other_context;
    e.stack = call_stack(host, host.op.pc);
    e.text = fmt::format("interrupted {}{}", who_of(f.other_context), in_place(e.stack));
    return e;
}

std::string message_of(const finding& f) {
    switch (f.kind) {
        case finding_kind::data_race:
            return race_message(f);
        case finding_kind::use_after_free:
        case finding_kind::double_free:
        case finding_kind::invalid_free:
        case finding_kind::out_of_bounds:
        case finding_kind::wild_access:
        case finding_kind::leak:
        case finding_kind::stack_use_after_return:
        case finding_kind::uninitialised_read:
            return memory_message(f);
        case finding_kind::deadlock:
        case finding_kind::livelock:
            if (f.other_context != 0xff) {
                return f.text;  // of an interrupt and whom it keeps from going on
            }
            [[fallthrough]];
        case finding_kind::lost_wakeup:
            return (fair_livelock() ? "nobody gets on: " : "nobody can go on: ") + f.text;
        case finding_kind::recursive_lock:
            return fmt::format("{} takes {}, which it holds", who_of(f.context),
                               describe_address(f.address));
        case finding_kind::unlock_not_owner:
            return fmt::format("{} unlocks {}, which it does not hold", who_of(f.context),
                               describe_address(f.address));
        case finding_kind::invariant:
        case finding_kind::forbidden_sleep:
        case finding_kind::grace_wait_inside:
        case finding_kind::barrier_inside:
        case finding_kind::early_free:
        case finding_kind::slots_exhausted:
        case finding_kind::unbalanced_region:
        case finding_kind::put_without_reference:
        case finding_kind::take_at_zero:
        case finding_kind::put_of_wrong_object:
            return f.text;  // a whole sentence
        default:
            return f.text.empty() ? who_of(f.context)
                                  : fmt::format("{}: {}", who_of(f.context), f.text);
    }
}

}  // namespace

const char* name_of(finding_kind kind) {
    return row_of(kind).name;
}
const char* name_of(op_kind kind) {
    return op_names[static_cast<size_t>(kind)];
}

std::string in_place(const std::vector<trace_frame>& stack) {
    if (stack.empty() || stack[0].function.empty()) {
        return "";
    }
    const trace_frame& f = stack[0];
    return f.line != 0 ? fmt::format(" in {} ({}:{})", f.function, f.file, f.line)
                       : fmt::format(" in {}", f.function);
}

std::string who_of(unsigned context) {
    if (context == 0xff) {
        return "somebody";
    }
    const sim::context& c = g.contexts[context];
    return c.cpu == alone_cpu ? name_of_context(context)
                              : fmt::format("{} on cpu{}", name_of_context(context), c.cpu);
}

bool is_own(const trace_frame& f) {
    return !f.function.empty() && f.file.rfind("/usr/", 0) != 0 && f.file.rfind("heddle/", 0) != 0;
}

bool ends_execution(finding_kind kind) {
    return row_of(kind).weight == finding_weight::ends;
}

std::string place_with_caller(const std::vector<trace_frame>& stack) {
    std::vector<trace_frame> own;
    // What only stands between two functions of the subject says nothing.
    std::copy_if(stack.begin(), stack.end(), std::back_inserter(own), [](const trace_frame& f) {
        return is_own(f) && f.function.rfind("std::", 0) != 0;
    });
    return own.size() < 2 ? in_place(own.empty() ? stack : own)
                          : in_place(own) + ", called" + in_place({own[1]});
}

trace_finding describe(const finding& f) {
    trace_finding t;
    t.kind = name_of(f.kind);
    t.message = message_of(f);
    t.step = f.step;
    t.context = f.context;
    if (f.kind == finding_kind::deadlock && f.other_context != 0xff) {
        t.stack = call_stack(g.contexts[f.context], f.pc);
        t.evidence = {host_of(f)};
        return t;
    }
    if (is_of_liveness(f.kind)) {
        t.evidence = describe_blocked();
        for (const finding_evidence& e : f.evidence) {
            t.evidence.push_back(told(e));
        }
        return t;
    }
    if (f.kind != finding_kind::leak) {
        t.stack = call_stack(g.contexts[f.context], f.pc);
    }
    if (f.kind == finding_kind::data_race) {
        add_race_evidence(t, f);
    }
    for (const finding_evidence& e : f.evidence) {
        t.evidence.push_back(told(e));
        if (f.kind == finding_kind::early_free && e.calls[0] == f.pc) {
            t.stack = t.evidence.back().stack;  // the reader may be who reports it
        }
    }
    if (f.kind != finding_kind::invariant) {
        add_memory_evidence(t, f);
    }
    return t;
}

std::string describe_operation(const context& c) {
    const std::string object = describe_address(c.op.object);
    return fmt::format("{}{}{}{}", name_of(c.op.kind), object.empty() ? "" : " ", object,
                       in_place(call_stack(c, c.op.pc)));
}

}  // namespace sim
