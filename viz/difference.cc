#include "viz/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/trace/main_finding.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t before_max = 4;  // steps of the context that are shown before the difference
constexpr size_t after_max = 8;   // steps of anybody that are shown after it

// How many steps of each context, by name, happen before or are this one.
using clock = std::map<std::string, uint32_t>;

struct one_step {
    const sim::trace_event* event = nullptr;
    clock before;
};

struct side {
    const sim::trace& t;
    std::map<std::string, std::vector<one_step>> steps;  // per context

    explicit side(const sim::trace& of) : t(of) {
        std::map<uint32_t, clock> at;
        for (const sim::trace_event& e : t.events) {
            if (e.remark) {
                continue;
            }
            const std::string& name = t.header.contexts[e.context].name;
            std::vector<one_step>& mine = steps[name];
            clock now = mine.empty() ? clock() : mine.back().before;
            for (const uint32_t earlier : e.after) {
                for (const auto& [other, count] : at[earlier]) {
                    now[other] = std::max(now[other], count);
                }
            }
            ++now[name];
            at[e.step] = now;
            mine.push_back({&e, std::move(now)});
        }
    }
};

bool is_same_place(const sim::trace_event& a, const sim::trace_event& b) {
    return a.stack.empty() || b.stack.empty() ? a.stack.empty() == b.stack.empty()
                                              : a.stack.front() == b.stack.front();
}

// "" if the two are the same step of the same past.
std::string differ(const one_step& a, const one_step& b) {
    const sim::trace_event& x = *a.event;
    const sim::trace_event& y = *b.event;
    if (x.kind != y.kind || x.object != y.object || !is_same_place(x, y)) {
        return "does something else";
    }
    if (x.detail != y.detail) {
        return "sees another value";
    }
    for (const auto& [name, count] : a.before) {
        const auto it = b.before.find(name);
        const uint32_t other = it == b.before.end() ? 0 : it->second;
        if (other != count) {
            return fmt::format("comes after {} step{} of {} in A, {} in B", count,
                               count == 1 ? "" : "s", name, other);
        }
    }
    for (const auto& [name, count] : b.before) {
        if (!a.before.contains(name)) {
            return fmt::format("comes after no step of {} in A, {} in B", name, count);
        }
    }
    return "";
}

struct divergence {
    std::string context;
    size_t index = 0;  // of its step
    std::string why;
    uint32_t step_a = UINT32_MAX;  // UINT32_MAX: there is none
    uint32_t step_b = UINT32_MAX;
    [[nodiscard]] uint32_t first() const { return std::min(step_a, step_b); }
};

// Of each context, where it first differs; the earliest of them in either execution.
bool first_divergence(const side& a, const side& b, divergence& out,
                      std::map<std::string, size_t>& same) {
    std::vector<divergence> all;
    static const std::vector<one_step> none;
    std::map<std::string, bool> names;
    for (const side* s : {&a, &b}) {
        for (const auto& [name, steps] : s->steps) {
            names[name] = true;
        }
    }
    for (const auto& [name, present] : names) {
        const auto x = a.steps.find(name);
        const auto y = b.steps.find(name);
        const std::vector<one_step>& p = x == a.steps.end() ? none : x->second;
        const std::vector<one_step>& q = y == b.steps.end() ? none : y->second;
        size_t i = 0;
        while (i < p.size() && i < q.size() && differ(p[i], q[i]).empty()) {
            ++i;
        }
        same[name] = i;
        if (i == p.size() && i == q.size()) {
            continue;
        }
        divergence d;
        d.context = name;
        d.index = i;
        d.step_a = i < p.size() ? p[i].event->step : UINT32_MAX;
        d.step_b = i < q.size() ? q[i].event->step : UINT32_MAX;
        d.why = i == p.size()   ? "goes on in B only"
                : i == q.size() ? "goes on in A only"
                                : differ(p[i], q[i]);
        all.push_back(d);
    }
    const auto it = std::min_element(
        all.begin(), all.end(),
        [](const divergence& x, const divergence& y) { return x.first() < y.first(); });
    if (it == all.end()) {
        return false;
    }
    out = *it;
    return true;
}

class printer {
  public:
    printer(const side& a, const side& b, uint32_t width, const plumbing_files& plumbing)
        : a_(a), b_(b), half_((width - 3) / 2), plumbing_(plumbing) {}

    difference_text print() {
        pair("A: " + title(a_.t), "B: " + title(b_.t));
        pair("   " + outcome(a_.t), "   " + outcome(b_.t));
        divergence d;
        std::map<std::string, size_t> same;
        if (!first_divergence(a_, b_, d, same)) {
            out_ +=
                "the same execution: each context does the same, after the same steps of others\n";
            return {true, std::move(out_)};
        }
        out_ += "the same up to there:";
        for (const auto& [name, count] : same) {
            out_ += fmt::format(" {} {}", name, count);
        }
        out_ += fmt::format("\n\n{}:\n", d.context);
        const auto x = a_.steps.find(d.context);
        const auto y = b_.steps.find(d.context);
        for (size_t i = d.index - std::min(d.index, before_max); i < d.index; ++i) {
            pair(text(*x->second[i].event, a_.t), text(*y->second[i].event, b_.t));
        }
        pair(d.step_a == UINT32_MAX ? "(it has ended)" : text(*x->second[d.index].event, a_.t),
             d.step_b == UINT32_MAX ? "(it has ended)" : text(*y->second[d.index].event, b_.t),
             '#');
        out_ +=
            fmt::format(">>> here they first differ: {} {}\n\nwhat follows:\n", d.context, d.why);
        follow(d);
        return {false, std::move(out_)};
    }

  private:
    static std::string title(const sim::trace& t) {
        return t.header.subject + (t.header.variant == "program" ? "" : " " + t.header.variant);
    }
    std::string outcome(const sim::trace& t) const {
        return t.findings.empty() ? "nothing found"
                                  : finding_title(sim::main_finding(t), plumbing_);
    }

    std::string text(const sim::trace_event& e, const sim::trace& t) const {
        std::string out = fmt::format("{:>4} {} ", e.step, t.header.contexts[e.context].name);
        const std::vector<sim::trace_frame> stack = telling_stack(e.stack, plumbing_);
        out += stack.empty() ? "" : short_function(stack.front().function) + ": ";
        const std::string change = change_of(e);
        return out + (change.empty() ? action_of(e) : change);
    }

    void pair(const std::string& left, const std::string& right, char between = '|') {
        std::string l = shortened(printable(left, false), half_);
        std::string line = fmt::format("{:<{}} {} {}", l, half_, between,
                                       shortened(printable(right, false), half_));
        out_ += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }

    static std::vector<const sim::trace_event*> steps_from(const sim::trace& t, uint32_t step) {
        std::vector<const sim::trace_event*> out;
        for (const sim::trace_event& e : t.events) {
            if (!e.remark && e.step > step && out.size() < after_max) {
                out.push_back(&e);
            }
        }
        return out;
    }

    void follow(const divergence& d) {
        const auto p = d.step_a == UINT32_MAX ? std::vector<const sim::trace_event*>()
                                              : steps_from(a_.t, d.step_a);
        const auto q = d.step_b == UINT32_MAX ? std::vector<const sim::trace_event*>()
                                              : steps_from(b_.t, d.step_b);
        for (size_t i = 0; i < std::max(p.size(), q.size()); ++i) {
            pair(i < p.size() ? text(*p[i], a_.t) : "", i < q.size() ? text(*q[i], b_.t) : "");
        }
    }

    const side& a_;
    const side& b_;
    size_t half_;
    const plumbing_files& plumbing_;
    std::string out_;
};

}  // namespace

difference_text difference(const sim::trace& a, const sim::trace& b, uint32_t width,
                           const plumbing_files& plumbing) {
    const side x(a);
    const side y(b);
    return printer(x, y, std::max(width, 40U), plumbing).print();
}

}  // namespace viz
