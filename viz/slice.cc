#include "viz/slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/trace/main_finding.h"
#include "viz/interest.h"
#include "viz/ladder.h"
#include "viz/order.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t edges_max = 24;  // the nearest to the finding

class slicer {
  public:
    slicer(const sim::trace& t, const format_options& options)
        : t_(t), o_(options), f_(sim::main_finding(t)), event_of_(1) {
        for (size_t i = 0; i < t.events.size(); ++i) {
            if (!t.events[i].remark) {
                event_of_.resize(t.events[i].step + 1);
                event_of_[t.events[i].step] = i;
            }
        }
    }

    ladder make() {
        choose();
        rows();
        lines();
        l_.title = fmt::format("{}: {}", t_.header.subject, finding_title(f_, o_.plumbing));
        l_.key = {
            "only what it depends on   grey: the same context goes on   blue: happens before",
            "orange: explains the finding (red)   ~ the context was preempted after this step"};
        return std::move(l_);
    }

  private:
    const sim::trace_event& at(uint32_t step) const { return t_.events[event_of_[step]]; }

    void add(uint32_t step) {
        if (step != 0 && step < event_of_.size()) {
            wanted_.insert(step);
        }
    }

    // The finding, its evidence, who was preempted; then, from the finding on backwards, the edges that lead to
    // what is there already.
    void choose() {
        end_ = f_.step == 0 ? static_cast<uint32_t>(event_of_.size() - 1) : f_.step;
        add(f_.step);
        for (const sim::trace_evidence& e : f_.evidence) {
            add(e.step);
        }
        const std::vector<uint32_t> left = preempted_by_event(t_);
        for (size_t i = 0; i < t_.events.size(); ++i) {
            if (left[i] != UINT32_MAX && t_.events[i].step <= end_) {
                const uint32_t before = last_step(left[i], t_.events[i].step);
                add(before);
                add(t_.events[i].step);
                preempted_.insert(before);
            }
        }
        std::vector<order_edge> all = necessary_order(t_);
        std::erase_if(all, [&](const order_edge& e) { return e.to > end_; });
        for (auto it = all.rbegin(); it != all.rend() && edges_.size() < edges_max; ++it) {
            if (leads_to_wanted(it->to)) {
                edges_.push_back(*it);
                add(it->from);
                add(it->to);
            }
        }
    }

    // Is there a wanted step of the same context at or after it?
    bool leads_to_wanted(uint32_t step) const {
        const uint32_t context = at(step).context;
        return std::any_of(wanted_.lower_bound(step), wanted_.end(),
                           [&](uint32_t other) { return at(other).context == context; });
    }

    uint32_t last_step(uint32_t context, uint32_t before) const {
        for (uint32_t step = before; step-- > 1;) {
            if (at(step).context == context) {
                return step;
            }
        }
        return 0;
    }

    // The packet or the command that a context is about, before its first step.
    void purpose(uint32_t step) {
        const uint32_t context = at(step).context;
        if (!begun_.insert(context).second) {
            return;
        }
        for (size_t i = event_of_[step]; i-- > 0;) {
            const sim::trace_event& e = t_.events[i];
            if (e.context == context && (e.kind == "packet" || e.kind == "command")) {
                ladder_row r;
                r.context = context;
                r.lines = {action_of(e)};
                r.as = look::remark;
                l_.rows.push_back(std::move(r));
                purpose_of_[context] = static_cast<uint32_t>(l_.rows.size() - 1);
                return;
            }
        }
    }

    void rows() {
        for (const uint32_t step : wanted_) {
            purpose(step);
            const sim::trace_event& e = at(step);
            ladder_row r;
            r.context = e.context;
            r.lines = {fmt::format("{}  {}", step, action_of(e))};
            const std::string change = change_of(e);
            if (!change.empty()) {
                r.lines.push_back(change);
            }
            const std::vector<sim::trace_frame> stack = telling_stack(e.stack, o_.plumbing);
            if (!stack.empty()) {
                r.lines.push_back("in " + place(stack.front()));
            }
            for (const sim::trace_evidence& v : f_.evidence) {
                if (v.step == step) {
                    r.lines.push_back("= " + v.label);
                    r.as = look::evidence;
                }
            }
            if (preempted_.contains(step)) {
                r.lines.emplace_back("~ preempted after this");
            }
            if (step == f_.step) {
                r.as = look::finding_step;
                r.is_bold = true;
            }
            r.tooltip = stack_text(e.stack);
            r.url = stack.empty() ? "" : url_of(stack.front());
            row_of_[step] = static_cast<uint32_t>(l_.rows.size());
            l_.rows.push_back(std::move(r));
        }
        ladder_row end;
        end.context = f_.context;
        end.lines = {finding_title(f_, o_.plumbing), why(t_, f_, o_.plumbing, 0).front().text};
        end.as = look::finding;
        end.is_bold = true;
        end.tooltip = stack_text(f_.stack);
        finding_row_ = static_cast<uint32_t>(l_.rows.size());
        l_.rows.push_back(std::move(end));
    }

    void lines() {
        std::map<uint32_t, uint32_t> last;  // context: step
        for (const uint32_t step : wanted_) {
            const uint32_t context = at(step).context;
            if (!last.contains(context) && purpose_of_.contains(context)) {
                l_.lines.push_back(
                    {purpose_of_[context], row_of_[step], grey, "solid", "is about it"});
            }
            if (last.contains(context)) {
                const uint32_t between = steps_between(context, last[context], step);
                l_.lines.push_back({row_of_[last[context]], row_of_[step], grey,
                                    between == 0 ? "solid" : "dotted",
                                    fmt::format("{} steps between", between)});
            }
            last[context] = step;
        }
        for (const order_edge& e : edges_) {
            l_.lines.push_back({row_of_[e.from], row_of_[e.to], blue, "solid", "happens before"});
        }
        for (const sim::trace_evidence& v : f_.evidence) {
            if (row_of_.contains(v.step)) {
                l_.lines.push_back({row_of_[v.step], finding_row_, orange, "solid", v.label});
            }
        }
        if (row_of_.contains(f_.step)) {
            l_.lines.push_back({row_of_[f_.step], finding_row_, red, "solid", f_.kind});
        }
    }

    uint32_t steps_between(uint32_t context, uint32_t from, uint32_t to) const {
        uint32_t count = 0;
        for (uint32_t step = from + 1; step < to; ++step) {
            count += at(step).context == context ? 1 : 0;
        }
        return count;
    }

    const sim::trace& t_;
    const format_options& o_;
    const sim::trace_finding& f_;
    std::vector<size_t> event_of_;  // per step
    uint32_t end_ = 0;
    std::set<uint32_t> wanted_;
    std::set<uint32_t> preempted_;
    std::vector<order_edge> edges_;
    std::map<uint32_t, uint32_t> row_of_;      // per step
    std::set<uint32_t> begun_;                 // contexts
    std::map<uint32_t, uint32_t> purpose_of_;  // per context: row
    uint32_t finding_row_ = 0;
    ladder l_;
};

}  // namespace

bool slice(const sim::trace& t, const format_options& options, std::string& gv,
           std::string& error) {
    if (t.findings.empty()) {
        error = t.header.subject + ": nothing was found, so there is nothing it depends on";
        return false;
    }
    gv = graphviz_text(draw_ladder(t, slicer(t, options).make()));
    return true;
}

}  // namespace viz
