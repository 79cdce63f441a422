#include "viz/align.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "viz/interest.h"
#include "viz/order.h"
#include "viz/phrase.h"

namespace viz {

namespace {

// Changes beyond so many make two sequences different things, and their comparison long.
constexpr size_t differences_max = 1500;

using matches = std::vector<std::pair<uint32_t, uint32_t>>;  // positions in both sequences

// Myers' greedy comparison: the furthest that each diagonal comes with d differences, for growing d.
class comparison {
  public:
    comparison(const std::vector<std::string>& a, const std::vector<std::string>& b, size_t begin,
               size_t a_end, size_t b_end)
        : a_(a),
          b_(b),
          begin_(static_cast<int64_t>(begin)),
          rows_(static_cast<int64_t>(a_end - begin)),
          columns_(static_cast<int64_t>(b_end - begin)) {}

    void add_to(matches& out) {
        std::map<int64_t, int64_t> furthest{{1, 0}};
        for (int64_t d = 0; d <= static_cast<int64_t>(differences_max); ++d) {
            history_.push_back(furthest);
            for (int64_t k = -d; k <= d; k += 2) {
                const bool down = k == -d || (k != d && furthest[k - 1] < furthest[k + 1]);
                int64_t x = down ? furthest[k + 1] : furthest[k - 1] + 1;
                while (x < rows_ && x - k < columns_ && same(x, x - k)) {
                    ++x;
                }
                furthest[k] = x;
                if (x >= rows_ && x - k >= columns_) {
                    walk_back(d, out);
                    return;
                }
            }
        }
    }

  private:
    [[nodiscard]] bool same(int64_t x, int64_t y) const {
        return x >= 0 && y >= 0 &&
               a_[static_cast<size_t>(begin_ + x)] == b_[static_cast<size_t>(begin_ + y)];
    }

    void walk_back(int64_t d, matches& out) {
        matches found;
        int64_t x = rows_;
        int64_t y = columns_;
        for (; d >= 0; --d) {
            std::map<int64_t, int64_t>& furthest = history_[static_cast<size_t>(d)];
            const int64_t k = x - y;
            const bool down = k == -d || (k != d && furthest[k - 1] < furthest[k + 1]);
            const int64_t before = down ? k + 1 : k - 1;
            const int64_t from_x = furthest[before];
            const int64_t from_y = from_x - before;
            while (x > std::max<int64_t>(from_x, 0) && y > std::max<int64_t>(from_y, 0)) {
                --x;
                --y;
                found.emplace_back(begin_ + x, begin_ + y);
            }
            x = from_x;
            y = from_y;
        }
        out.insert(out.end(), found.rbegin(), found.rend());
    }

    const std::vector<std::string>& a_;
    const std::vector<std::string>& b_;
    int64_t begin_;
    int64_t rows_;
    int64_t columns_;
    std::vector<std::map<int64_t, int64_t>> history_;
};

matches matched(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    matches out;
    size_t begin = 0;
    while (begin < a.size() && begin < b.size() && a[begin] == b[begin]) {
        out.emplace_back(begin, begin);
        ++begin;
    }
    size_t tail = 0;
    while (tail < a.size() - begin && tail < b.size() - begin &&
           a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
        ++tail;
    }
    comparison(a, b, begin, a.size() - tail, b.size() - tail).add_to(out);
    for (; tail > 0; --tail) {
        out.emplace_back(a.size() - tail, b.size() - tail);
    }
    return out;
}

// One of the two runs: what is asked of it again and again.
struct run {
    explicit run(const sim::trace& trace) : t(trace), event_of(step_events(trace)) {
        before.resize(event_of.size());
        previous.resize(event_of.size());
        for (const order_edge& edge : necessary_order(t)) {
            before[edge.to].push_back(edge.from);
        }
        std::vector<uint32_t> last(t.header.contexts.size(), 0);
        for (uint32_t step = 1; step < event_of.size(); ++step) {
            const sim::trace_event& event = t.events[event_of[step]];
            const std::string& name = t.header.contexts[event.context].name;
            previous[step] = last[event.context];
            last[event.context] = step;
            steps[name].push_back(step);
            labels[name].push_back(label(event));
        }
    }

    // What it does, and in which function: lines move from variant to variant.
    static std::string label(const sim::trace_event& event) {
        return event.kind + '\n' + event.object + '\n' +
               (event.stack.empty() ? "" : event.stack.front().function);
    }

    [[nodiscard]] const std::string& saw(uint32_t step) const {
        return t.events[event_of[step]].detail;
    }
    [[nodiscard]] std::string told(uint32_t step) const {
        const sim::trace_event& event = t.events[event_of[step]];
        return fmt::format("step {} ({}: {})", step, t.header.contexts[event.context].name,
                           action_of(event));
    }

    const sim::trace& t;
    std::vector<uint32_t> event_of;
    std::vector<uint32_t> previous;             // per step, that of the same context
    std::vector<std::vector<uint32_t>> before;  // per step, those of others right before it
    std::map<std::string, std::vector<uint32_t>> steps;
    std::map<std::string, std::vector<std::string>> labels;
};

// The partners of those that stand right before a step, sorted; 0 for one that has none.
std::vector<uint32_t> past_of(const std::vector<uint32_t>& before,
                              const std::vector<uint32_t>& partner) {
    std::vector<uint32_t> out;
    for (const uint32_t step : before) {
        out.push_back(partner.empty() ? step : partner[step]);
    }
    std::sort(out.begin(), out.end());
    return out;
}

void find_same(const run& a, const run& b, alignment& out) {
    for (uint32_t step = 1; step < a.event_of.size(); ++step) {
        const uint32_t other = out.partner_of_a[step];
        const uint32_t previous = a.previous[step];
        bool same = other != 0 && a.saw(step) == b.saw(other) &&
                    (previous == 0 || out.same_of_a[previous]) &&
                    out.partner_of_a[previous] == b.previous[other] &&
                    past_of(a.before[step], out.partner_of_a) == past_of(b.before[other], {});
        for (const uint32_t before : a.before[step]) {
            same = same && out.same_of_a[before];
        }
        out.same_of_a[step] = same;
        if (same) {
            out.same_of_b[other] = true;
        }
    }
}

uint32_t first_other(const std::vector<bool>& same) {
    for (uint32_t step = 1; step < same.size(); ++step) {
        if (!same[step]) {
            return step;
        }
    }
    return 0;
}

// "in A, step 134 (net0: read sadl) comes after step 106 (adm: write sadl)", said of the first step
// whose past is another one.
std::string what_differs(const run& r, const std::string& name, const std::string& other_name,
                         const run& other, uint32_t step, const std::vector<uint32_t>& partner,
                         const std::vector<uint32_t>& back) {
    if (step == 0) {
        return "";
    }
    const std::string told = name + ": " + r.told(step);
    if (partner[step] == 0) {
        return told + " has no partner in " + other_name;
    }
    const std::vector<uint32_t> others = past_of(other.before[partner[step]], {});
    for (const uint32_t before : r.before[step]) {
        if (partner[before] == 0 ||
            !std::binary_search(others.begin(), others.end(), partner[before])) {
            return fmt::format("{} comes after {}, in {} it does not", told, r.told(before),
                               other_name);
        }
    }
    for (const uint32_t before : others) {
        if (std::count(r.before[step].begin(), r.before[step].end(), back[before]) == 0) {
            return fmt::format("{} does not come after {}, in {} it does", told, other.told(before),
                               other_name);
        }
    }
    if (r.saw(step) != other.saw(partner[step])) {
        return fmt::format("{} sees another value in {}", told, other_name);
    }
    const uint32_t previous = other.previous[partner[step]];
    return previous == 0 || back[previous] != 0
               ? fmt::format("{} comes elsewhere in {}", told, other_name)
               : fmt::format("{}; {} has {} before it", told, other_name, other.told(previous));
}

}  // namespace

alignment align(const sim::trace& a, const sim::trace& b) {
    const run of_a(a);
    const run of_b(b);
    alignment out;
    out.partner_of_a.resize(of_a.event_of.size());
    out.partner_of_b.resize(of_b.event_of.size());
    out.same_of_a.resize(of_a.event_of.size());
    out.same_of_b.resize(of_b.event_of.size());
    for (const auto& [name, labels] : of_a.labels) {
        const auto there = of_b.labels.find(name);
        if (there == of_b.labels.end()) {
            continue;
        }
        const std::vector<uint32_t>& steps_a = of_a.steps.at(name);
        const std::vector<uint32_t>& steps_b = of_b.steps.at(name);
        for (const auto& [x, y] : matched(labels, there->second)) {
            out.partner_of_a[steps_a[x]] = steps_b[y];
            out.partner_of_b[steps_b[y]] = steps_a[x];
        }
    }
    find_same(of_a, of_b, out);
    out.divergence_a = first_other(out.same_of_a);
    out.divergence_b = first_other(out.same_of_b);
    const std::string in_a =
        what_differs(of_a, "A", "B", of_b, out.divergence_a, out.partner_of_a, out.partner_of_b);
    const std::string in_b =
        what_differs(of_b, "B", "A", of_a, out.divergence_b, out.partner_of_b, out.partner_of_a);
    out.why = in_a + (in_a.empty() || in_b.empty() ? "" : "; ") + in_b;
    return out;
}

}  // namespace viz
