#include "sim/machine/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/check/access_log.h"
#include "sim/check/describe.h"
#include "sim/check/frames.h"
#include "sim/check/last_pointer.h"
#include "sim/check/liveness.h"
#include "sim/dependence.h"
#include "sim/machine/access.h"
#include "sim/machine/cpus.h"
#include "sim/machine/fair.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/memory/graph.h"
#include "sim/memory/weakened.h"
#include "sim/memory/words.h"
#include "sim/program/symbols.h"

namespace sim {

static_assert(alone_cpu == trace_alone_cpu);

namespace {

const char* order_names[] = {"relaxed", "consume", "acquire", "release",
                             "acq_rel", "seq_cst", "plain"};

// Of one step: more are those of a loop that does not end.
constexpr uint32_t calls_max = 20'000;

bool has_order(op_kind kind) {
    return kind == op_kind::load || kind == op_kind::store || kind == op_kind::rmw ||
           kind == op_kind::cas;
}

// Numbers are what people wrote; addresses of the subject are named.
constexpr uint32_t before_race = 1U << 31;  // of a stack's number
std::vector<std::vector<uint64_t>> stacks_before;
std::vector<std::vector<trace_frame>>* current_stacks = nullptr;

}  // namespace

std::string value_text(uint64_t value) {
    if (in_region(value)) {
        return describe_address(value);
    }
    auto as_signed = static_cast<int64_t>(value);
    return as_signed < 0 && as_signed > -65536 ? fmt::format("{}", as_signed)
                                               : fmt::format("{}", value);
}

void record_value_text(uint64_t value) {
    host_scope host;
    g.record->value("read " + value_text(value));
}

void record_change_text(uint64_t old, uint64_t value) {
    host_scope host;
    if (g.current != nullptr) {
        last_pointer_replaced(old, g.current->op.object, g.current->op.pc);
    }
    g.record->value(value_text(old) + " -> " + value_text(value));
}

trace_frame frame_at(uint64_t return_pc) {
    if (g.subject == nullptr || return_pc == 0) {
        return {};
    }
    return g.subject->locate(return_pc - 1);
}

std::vector<trace_frame> call_stack(const context& c, uint64_t pc) {
    std::vector<trace_frame> stack;
    if (pc != 0) {
        stack.push_back(frame_at(pc));
    } else if (depth_of(c) != 0) {
        stack.push_back(frame_at(innermost_function(c)));
    }
    for (uint32_t i = depth_of(c); i-- > 1;) {
        stack.push_back(frame_at(c.frames[i].call_pc));
    }
    return stack;
}

std::vector<trace_frame> recorded_stack(uint32_t number) {
    if ((number & before_race) != 0) {
        std::vector<trace_frame> stack;
        for (uint64_t pc : stacks_before[number & ~before_race]) {
            stack.push_back(frame_at(pc));
        }
        return stack;
    }
    return number == 0 || current_stacks == nullptr || number > current_stacks->size()
               ? std::vector<trace_frame>()
               : (*current_stacks)[number - 1];
}

uint32_t stack_before_race(uint64_t pc) {
    if (snapshot_depth() != 0 || g.current == nullptr || pc == 0) {
        return 0;
    }
    host_scope host;
    std::vector<uint64_t> stack = callers_of(*g.current);
    stack.insert(stack.begin(), pc);
    stacks_before.push_back(std::move(stack));
    return static_cast<uint32_t>(stacks_before.size() - 1) | before_race;
}

void recorder::begin() {
    trace_ = trace{};
    accesses_.clear();
    clocks_.clear();
    context_clock_.assign(contexts_max, std::vector<uint32_t>(contexts_max, 0));
    open_.assign(contexts_max, 0);
    event_of_step_.clear();
    step_open_ = false;
    calls_ = 0;
    current_stacks = &stacks_;
    access_log_begin();
    frames_begin();
    last_pointer_begin();
    g.checks |= check_written_down;
}

uint32_t recorder::stack(uint64_t pc) {
    host_scope host;
    if (g.current == nullptr) {
        return 0;
    }
    stacks_.push_back(call_stack(*g.current, pc));
    return static_cast<uint32_t>(stacks_.size());
}

trace_event recorder::base_event(const context& c, const char* kind) {
    trace_event e;
    e.step = g.steps;
    e.context = c.id;
    e.kind = kind;
    e.time_ns = g.now_ns;
    return e;
}

void recorder::step(const context& c, uint64_t enabled) {
    host_scope host;
    if (!g.choosing) {
        return;
    }
    learn_late(c);
    trace_event e = base_event(c, name_of(c.op.kind));
    e.preemption = g.last != 0xff && g.last != c.id && (enabled >> g.last & 1) != 0;
    e.object = describe_address(c.op.object);
    const uint8_t order = order_of_operation(c);
    e.order = has_order(c.op.kind) ? order_names[order <= plain_order ? order : 5] : "";
    e.stack = call_stack(c, c.op.pc);
    for (uint64_t rest = enabled; rest != 0; rest &= rest - 1) {
        auto id = static_cast<uint32_t>(__builtin_ctzll(rest));
        if (id != c.id) {
            e.enabled.push_back(id);
        }
    }
    event_of_step_.push_back(trace_.events.size());
    trace_.events.push_back(std::move(e));
    calls_ = 0;
    step_open_ = true;
    detail_.clear();
}

// Those of these steps that do not follow from others.
void recorder::follow(trace_event& e, unsigned id, std::vector<uint32_t> steps) {
    std::vector<uint32_t>& clock = context_clock_[id];
    std::sort(steps.rbegin(), steps.rend());
    for (const uint32_t step : steps) {
        const uint32_t whose = trace_.events[event_of_step_[step - 1]].context;
        if (step <= clock[whose]) {
            continue;
        }
        e.after.push_back(step);
        const std::vector<uint32_t>& before = clocks_[step - 1];
        for (unsigned i = 0; i < contexts_max; ++i) {
            clock[i] = std::max(clock[i], before[i]);
        }
        clock[whose] = std::max(clock[whose], step);
    }
    std::sort(e.after.begin(), e.after.end());
}

// Who has taken a lock knows what comes with it when it goes on.
void recorder::learn_late(const context& c) {
    if (const uint32_t step = std::exchange(open_[c.id], 0); step != 0) {
        link_known(trace_.events[event_of_step_[step - 1]], c);
    }
}

void recorder::know_step(uint32_t step, unsigned id) {
    std::vector<uint32_t>& clock = context_clock_[id];
    clock[id] = std::max(clock[id], step);
    if (clocks_.size() < step) {
        clocks_.resize(step, std::vector<uint32_t>(contexts_max, 0));
    }
    clocks_[step - 1] = clock;
}

// By a memory model an operation may depend on another that does not happen before it: what does is what its context knows
// when it goes on.
void recorder::link_known(trace_event& e, const context& c) {
    std::vector<uint32_t> last;
    for (unsigned id = 0; id < g.context_count; ++id) {
        for (uint32_t n = id == c.id ? 0 : graph.count_of(static_cast<uint8_t>(id)); n > 0; --n) {
            const graph_event& before = graph.event(graph.nth_of(static_cast<uint8_t>(id), n));
            const bool known = before.kind != op_kind::fence && before.step < e.step &&
                               c.clock.at[id] >= before.epoch;
            if (known && before.step != 0) {
                last.push_back(before.step);
                break;
            }
        }
    }
    follow(e, c.id, last);
    know_step(e.step, c.id);
}

// Direct predecessors in other contexts, by what the operations turned out to be.
void recorder::link(trace_event& e, const operation& op, unsigned id) {
    std::vector<uint32_t>& clock = context_clock_[id];
    std::vector<uint32_t> direct;
    auto look = [&](uint64_t object) {
        auto found = accesses_.find(object);
        if (object == 0 || found == accesses_.end()) {
            return;
        }
        for (auto a = found->second.rbegin(); a != found->second.rend(); ++a) {
            if (a->context == id || a->step <= clock[a->context] || !dependent(a->op, op)) {
                continue;
            }
            direct.push_back(a->step);
            const std::vector<uint32_t>& before = clocks_[a->step - 1];
            for (unsigned i = 0; i < contexts_max; ++i) {
                clock[i] = std::max(clock[i], before[i]);
            }
            clock[a->context] = std::max(clock[a->context], a->step);
        }
    };
    const uint64_t taken = op.cpu != 0 ? cpu_object(op.cpu - 1U) : 0;  // or given up, or stepped on
    const uint64_t cpu = taken != op.object ? taken : 0;
    look(op.object);
    look(op.object2);
    look(cpu);
    know_step(e.step, id);
    std::sort(direct.begin(), direct.end());
    direct.erase(std::unique(direct.begin(), direct.end()), direct.end());
    e.after = direct;
    past_access a{op, e.step, static_cast<uint8_t>(id)};
    accesses_[op.object].push_back(a);
    for (const uint64_t second : {op.object2, cpu}) {
        if (second != 0) {
            accesses_[second].push_back(a);
        }
    }
}

void recorder::outcome(const context& c) {
    host_scope host;
    access_log_operation(c);
    if (!g.choosing || !step_open_) {
        return;
    }
    for (auto e = trace_.events.rbegin(); e != trace_.events.rend(); ++e) {
        if (!e->remark) {
            e->detail = detail_;
            e->from = std::exchange(from_, 0);
            e->stale = std::exchange(stale_, false);
            if (c.op.only_read && c.op.tries) {
                e->detail = tried_in_vain;
            } else if (c.op.only_read && e->detail.empty()) {
                e->detail = "failed";
            } else if (c.op.only_read && c.op.kind == op_kind::cas) {
                e->detail += ", failed";
            }
            if (by_graph()) {
                link_known(*e, c);
                open_[c.id] = is_word_access(c.op) ? 0 : e->step;
            } else {
                link(*e, c.op, c.id);
            }
            break;
        }
    }
    step_open_ = false;
}

void recorder::remark(const char* kind, uint64_t address, const char* detail) {
    host_scope host;
    if (!g.choosing || g.current == nullptr) {
        return;
    }
    const context& who = g.current == &g.host ? g.contexts[0] : *g.current;
    trace_event e = base_event(who, kind);
    e.remark = true;
    e.object = describe_address(address);
    e.detail = detail;
    if (depth_of(who) != 0) {
        e.stack.push_back(frame_at(innermost_function(who)));
    }
    trace_.events.push_back(std::move(e));
}

void recorder::packet(const char* kind, const std::string& object, const std::string& detail,
                      uint32_t number, std::string_view bytes) {
    const size_t before = trace_.events.size();
    remark(kind, 0, detail.c_str());
    if (trace_.events.size() != before) {
        host_scope host;
        trace_event& e = trace_.events.back();
        e.object = object;
        e.packet = number;
        e.bytes = bytes;
    }
}

// Library headers' functions would drown the subject's own.
void recorder::function(uint64_t function_pc, bool enter) {
    host_scope host;
    if (!g.choosing || g.current == nullptr || calls_ == calls_max) {
        return;
    }
    trace_frame f = frame_at(function_pc);
    if (f.file.rfind("/usr/", 0) == 0 || f.file.empty() || f.file.rfind("heddle/", 0) == 0) {
        return;
    }
    trace_event e = base_event(*g.current, enter ? "enter" : "leave");
    e.remark = true;
    e.detail = f.function;
    e.stack.push_back(f);
    trace_.events.push_back(std::move(e));
    if (++calls_ == calls_max) {
        remark("note", 0, "calls up to the next step are not written down");
    }
}

void recorder::found(const finding& f) {
    host_scope host;
    trace_.findings.push_back(describe(f));
    // What is called alone when all is over is no step: it is told at the last one.
    trace_finding& told = trace_.findings.back();
    if (g.contexts[f.context].cpu == alone_cpu && !trace_.events.empty()) {
        told.step = std::min(told.step, trace_.events.back().step);
    }
}

trace recorder::take() {
    for (unsigned i = 0; i < g.context_count; ++i) {
        const context& c = g.contexts[i];
        learn_late(c);
        trace_.header.contexts.push_back({name_of_context(i), c.cpu, c.service});
        if (c.cpu != alone_cpu) {
            trace_.header.cpus = std::max(trace_.header.cpus, c.cpu + 1U);
        }
    }
    g.checks &= ~static_cast<uint32_t>(check_written_down);
    return std::move(trace_);
}

// "first, held by t1": the object, and what else there is to say of it.
void recorder::blocked(const context& c) {
    host_scope host;
    if (!g.choosing) {
        return;
    }
    const std::string text = what_it_waits_for(c);
    const size_t comma = text.find(", held by ");
    trace_event e = base_event(c, "blocked");
    e.remark = true;
    e.object = text.substr(0, comma);
    e.detail = comma == std::string::npos ? "" : text.substr(comma + 2);
    if (depth_of(c) != 0) {
        e.stack.push_back(frame_at(innermost_function(c)));
    }
    trace_.events.push_back(std::move(e));
}

void record_blocked(const context& c) {
    g.record->blocked(c);
}

void entered_function(uint64_t function_pc, uint64_t frame) {
    if (g.record != nullptr) {
        frames_entered(function_pc, frame);
        g.record->function(function_pc, true);
    }
    if (g.watch_entry != nullptr) {
        g.watch_entry(function_pc, true);
    }
}

void left_function(uint64_t function_pc) {
    if (g.record != nullptr) {
        frames_left();
        g.record->function(function_pc, false);
    }
    if (g.watch_entry != nullptr) {
        g.watch_entry(function_pc, false);
    }
    fair_blank_below();
}

}  // namespace sim
