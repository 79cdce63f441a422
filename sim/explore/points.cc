#include "sim/explore/points.h"

#include <fmt/format.h>
#include <unwind.h>

#include <algorithm>

#include "sim/check/describe.h"
#include "sim/check/liveness.h"
#include "sim/machine/cpus.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

point_set* armed = nullptr;

// "b::f" is meant by "f", "ifnet em1" by "em1".
bool is_named(std::string_view full, std::string_view name) {
    if (full == name) {
        return true;
    }
    size_t n = full.size() - name.size();
    return full.size() > name.size() && full.substr(n) == name &&
           (full[n - 1] == ':' || full[n - 1] == ' ');
}

// An object and what lies inside it.
bool is_object(uint64_t address, const std::string& name) {
    if (name.empty()) {
        return true;
    }
    const std::string described = describe_address(address);
    return is_named(std::string_view(described).substr(0, described.find('+')), name);
}

bool is_in(const std::vector<std::pair<uint64_t, uint64_t>>& code, uint64_t pc) {
    return std::any_of(code.begin(), code.end(),
                       [pc](const auto& f) { return pc >= f.first && pc < f.second; });
}

bool takes_lock(op_kind kind) {
    return kind == op_kind::lock || kind == op_kind::rdlock || kind == op_kind::wrlock ||
           kind == op_kind::cond_resume;
}

bool gives_lock(op_kind kind) {
    return kind == op_kind::unlock || kind == op_kind::rwunlock || kind == op_kind::cond_enqueue;
}

bool is_about_lock(const operation& op, const std::string& name) {
    return is_object(op.object, name) || (op.object2 != 0 && is_object(op.object2, name));
}

// An address that no memory has: all places with one number are operations on one object.
uint64_t joint_object(uint32_t joint) {
    return uint64_t{64} * joint;
}

constexpr int dwarf_rbp = 6;
constexpr int dwarf_rsp = 7;

// Those that a callee preserves: in them, or on the stack, lies whatever is needed after a call.
bool is_preserved(int reg) {
    return reg == 3 || reg == dwarf_rbp || reg == dwarf_rsp || (reg >= 12 && reg <= 15);
}

struct argument_search {
    uint64_t pc;
    const std::vector<argument_place>& places;
    std::vector<uint64_t> values;
};

uint64_t register_of(_Unwind_Context* frame, int reg) {
    return reg == dwarf_rsp ? _Unwind_GetCFA(frame) : _Unwind_GetGR(frame, reg);
}

_Unwind_Reason_Code read_arguments(_Unwind_Context* frame, void* data) {
    auto& search = *static_cast<argument_search*>(data);
    if (_Unwind_GetIP(frame) != search.pc) {
        return _URC_NO_REASON;
    }
    using kind = argument_place::kind;
    for (const argument_place& p : search.places) {
        if (p.where == kind::in_register && is_preserved(p.reg)) {
            search.values.push_back(register_of(frame, p.reg));
        } else if (p.where == kind::at_frame ||
                   (p.where == kind::at_register && (p.reg == dwarf_rbp || p.reg == dwarf_rsp))) {
            // Subjects keep frame pointers: the frame ends two words above.
            uint64_t base = p.where == kind::at_frame ? register_of(frame, dwarf_rbp) + 16
                                                      : register_of(frame, p.reg);
            search.values.push_back(
                *reinterpret_cast<const uint64_t*>(base + static_cast<uint64_t>(p.offset)));
        }
    }
    return _URC_NORMAL_STOP;
}

// The addresses that a function was given, asked in its entry hook.
std::vector<uint64_t> arguments_of(uint64_t function_pc) {
    argument_search search{function_pc, g.subject->pointer_arguments(function_pc), {}};
    if (!search.places.empty()) {
        _Unwind_Backtrace(read_arguments, &search);
    }
    return search.values;
}

// " in if_remove (model/net/if.cc:148)": in the subject's own text.
std::string place_of(const context& c) {
    for (const trace_frame& f : call_stack(c, c.op.pc)) {
        if (f.line != 0 && is_own(f)) {
            return fmt::format(" in {} ({}:{})", f.function, f.file, f.line);
        }
    }
    return "";
}

}  // namespace

struct point_hooks {
    static void function(uint64_t function_pc, bool enter) {
        if (armed != nullptr && g.current != nullptr && g.choosing) {
            armed->on_function(function_pc, enter);
        }
    }
    static void place(point_kind kind, std::string_view name) {
        if (armed != nullptr && g.current != nullptr && g.choosing) {
            armed->came_upon(kind, name, 0);
        }
    }
    static void window(const char* name) { place(point_kind::window, name); }
};

point_set::point_set(std::vector<armed_point> points) {
    for (armed_point& p : points) {
        points_.push_back({std::move(p), {}, false});
    }
}

void point_set::arm() {
    functions_ = narrowed_ = false;
    for (known& k : points_) {
        const script_point& p = k.armed.point;
        bool at_function = p.kind == point_kind::enter || p.kind == point_kind::leave;
        k.standing = false;
        functions_ |= at_function;
        narrowed_ |= at_function && !p.object.empty();
        if (k.code.empty() && (at_function || p.kind == point_kind::touches)) {
            for (const function_symbol* f : g.subject->functions_named(p.name)) {
                k.code.emplace_back(f->begin, f->end);
            }
        }
    }
    calls_.assign(contexts_max, {});
    armed = this;
    g.watch_entry = functions_ ? point_hooks::function : nullptr;
    g.watch_window = point_hooks::window;
    watch_entries(functions_ || g.record != nullptr);
}

void point_set::disarm() {
    if (armed == this) {
        armed = nullptr;
        g.watch_entry = nullptr;
        g.watch_window = nullptr;
        watch_entries(g.record != nullptr);
    }
}

void point_set::on_function(uint64_t function_pc, bool enter) {
    {
        host_scope host;
        bool named = std::any_of(points_.begin(), points_.end(), [&](const known& k) {
            return k.armed.point.kind != point_kind::touches && is_in(k.code, function_pc);
        });
        if (!named) {
            return;
        }
        if (narrowed_ && enter) {
            note_call(function_pc);
        }
    }
    came_upon(enter ? point_kind::enter : point_kind::leave, "", function_pc);
    if (narrowed_ && !enter) {
        host_scope host;
        // The frame is gone from the call stack by now.
        std::vector<call>& calls = calls_[g.current->id];
        while (!calls.empty() && calls.back().depth > depth_of(*g.current)) {
            calls.pop_back();
        }
    }
}

void point_set::note_call(uint64_t function_pc) {
    call made;
    made.depth = depth_of(*g.current);
    const std::vector<uint64_t> values = arguments_of(function_pc);
    for (size_t i = 0; i < points_.size(); ++i) {
        const script_point& p = points_[i].armed.point;
        if (p.object.empty() || !is_in(points_[i].code, function_pc)) {
            continue;
        }
        for (uint64_t value : values) {
            if (in_region(value) && is_object(value, p.object)) {
                made.about.push_back(i);
                break;
            }
        }
    }
    std::vector<call>& calls = calls_[g.current->id];
    while (!calls.empty() && calls.back().depth >= made.depth) {
        calls.pop_back();  // left by an exception
    }
    calls.push_back(std::move(made));
}

bool point_set::is_about(size_t point) const {
    if (points_[point].armed.point.object.empty()) {
        return true;
    }
    const std::vector<call>& calls = calls_[g.current->id];
    return !calls.empty() && std::find(calls.back().about.begin(), calls.back().about.end(),
                                       point) != calls.back().about.end();
}

// Nothing here may own memory while the context waits: an abandoned execution drops its stacks.
void point_set::came_upon(point_kind kind, std::string_view name, uint64_t function_pc) {
    context& c = *g.current;
    if (c.section_depth != 0) {
        return;  // the section is one operation
    }
    host_scope host;
    bool any = false;
    uint32_t joint = 0;
    for (size_t i = 0; i < points_.size(); ++i) {
        known& k = points_[i];
        if (k.armed.point.kind == kind &&
            (function_pc != 0 ? is_in(k.code, function_pc) : k.armed.point.name == name) &&
            name_of_context(c.id) == k.armed.context && is_about(i)) {
            k.standing = any = true;
            joint = k.armed.joint != 0 ? k.armed.joint : joint;
        }
    }
    if (!any) {
        return;
    }
    g.in_subject = true;
    begin_operation(op_kind::point, joint == 0 ? 0 : joint_object(joint), innermost_function(c));
    operation_done(c);
    host_scope again;  // whoever jumped back here left it set
    for (known& k : points_) {
        k.standing = k.standing && k.armed.context != name_of_context(c.id);
    }
}

bool point_set::stands_at(size_t point) const {
    const known& k = points_[point];
    const script_point& p = k.armed.point;
    unsigned id = context_named(k.armed.context);
    if (id == contexts_max || g.contexts[id].state != context_state::live) {
        return false;
    }
    const context& c = g.contexts[id];
    switch (p.kind) {
        case point_kind::lock:
            return takes_lock(c.op.kind) && is_about_lock(c.op, p.name);
        case point_kind::unlock:
            return gives_lock(c.op.kind) && is_about_lock(c.op, p.name);
        case point_kind::touches: {
            if (c.op.kind == op_kind::point) {
                return false;
            }
            bool inside = is_in(k.code, c.op.pc - 1);
            for (uint32_t i = 0; i < depth_of(c) && !inside; ++i) {
                inside = is_in(k.code, c.frames[i].function_pc);
            }
            return inside && is_object(c.op.object, p.object);
        }
        default:
            return k.standing;
    }
}

void statement_point(point_kind kind, std::string_view name) {
    point_hooks::place(kind, name);
}

unsigned context_named(const std::string& name) {
    for (unsigned i = 0; i < g.context_count; ++i) {
        if (name_of_context(i) == name) {
            return i;
        }
    }
    return contexts_max;
}

bool is_blocked(const script_point& p, unsigned context) {
    const sim::context& c = g.contexts[context];
    return c.state == context_state::live && is_stuck(c) &&
           (p.name.empty() || (c.reason != nullptr && p.name == c.reason) ||
            is_object(c.op.object, p.name));
}

std::string to_text(const script_point& p) {
    switch (p.kind) {
        case point_kind::done:
            return p.name.empty() ? "done" : "done " + p.name;
        case point_kind::end:
            return "done";
        case point_kind::start:
            return "before " + p.name;
        case point_kind::blocked:
            return p.name.empty() ? "blocked" : "blocked on " + p.name;
        case point_kind::enter:
            return "enter " + p.name;
        case point_kind::leave:
            return "leave " + p.name;
        case point_kind::touches:
            return "in " + p.name + " touches " + p.object;
        case point_kind::lock:
            return "lock " + p.name;
        case point_kind::unlock:
            return "unlock " + p.name;
        case point_kind::window:
            return "window " + p.name;
        case point_kind::steps:
            return fmt::format("steps {}", p.count);
    }
    return "";
}

std::string whereabouts(unsigned context) {
    const sim::context& c = g.contexts[context];
    if (c.state == context_state::done) {
        return "had ended";
    }
    if (is_stuck(c)) {
        return fmt::format("was blocked: it waits for {}{}", what_it_waits_for(c), place_of(c));
    }
    const std::string object = describe_address(c.op.object);
    return fmt::format("stood before {}{}{}", name_of(c.op.kind),
                       object.empty() ? "" : " " + object, place_of(c));
}

}  // namespace sim
