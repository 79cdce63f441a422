#include "viz/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/trace/main_finding.h"
#include "viz/align.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t before_max = 4;  // steps of the context that are shown before the difference
constexpr size_t after_max = 8;   // steps of anybody that are shown after it

struct side {
    const sim::trace& t;
    std::map<std::string, std::vector<const sim::trace_event*>> steps;  // per context

    explicit side(const sim::trace& of) : t(of) {
        for (const sim::trace_event& e : t.events) {
            if (!e.remark) {
                steps[t.header.contexts[e.context].name].push_back(&e);
            }
        }
    }
    [[nodiscard]] std::vector<const sim::trace_event*> of(const std::string& context) const {
        const auto found = steps.find(context);
        return found == steps.end() ? std::vector<const sim::trace_event*>() : found->second;
    }
};

struct divergence {
    std::string context;
    size_t index = 0;  // of its step
    std::string why;
    uint32_t step_a = UINT32_MAX;  // UINT32_MAX: there is none
    uint32_t step_b = UINT32_MAX;
    [[nodiscard]] uint32_t first() const { return std::min(step_a, step_b); }
};

std::string why_of(const alignment& both, const sim::trace_event& x, const sim::trace_event& y) {
    if (both.partner_of_a[x.step] != y.step) {
        return "does something else";
    }
    return x.detail == y.detail ? "comes after other steps: " + both.why : "sees another value";
}

// Of each context, where it first differs; the earliest of them in either execution.
bool first_divergence(const side& a, const side& b, divergence& out,
                      std::map<std::string, size_t>& same) {
    const alignment both = align(a.t, b.t);
    for (const side* s : {&a, &b}) {
        for (const auto& [name, steps] : s->steps) {
            same[name] = 0;
        }
    }
    for (auto& [name, count] : same) {
        const auto p = a.of(name);
        const auto q = b.of(name);
        while (count < p.size() && both.same_of_a[p[count]->step]) {
            ++count;
        }
        divergence d;
        d.context = name;
        d.index = count;
        d.step_a = count < p.size() ? p[count]->step : UINT32_MAX;
        d.step_b = count < q.size() ? q[count]->step : UINT32_MAX;
        if (d.first() < out.first()) {
            d.why = count == p.size()   ? "goes on in B only"
                    : count == q.size() ? "goes on in A only"
                                        : why_of(both, *p[count], *q[count]);
            out = d;
        }
    }
    return out.first() != UINT32_MAX;
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
        const auto x = a_.of(d.context);
        const auto y = b_.of(d.context);
        for (size_t i = d.index - std::min(d.index, before_max); i < d.index; ++i) {
            pair(text(*x[i], a_.t), text(*y[i], b_.t));
        }
        pair(d.step_a == UINT32_MAX ? "(it has ended)" : text(*x[d.index], a_.t),
             d.step_b == UINT32_MAX ? "(it has ended)" : text(*y[d.index], b_.t), '#');
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
