#include "viz/packet_way.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "viz/interest.h"
#include "viz/ladder.h"
#include "viz/packets.h"

namespace viz {

namespace {

constexpr size_t depth_max = 24;

// "P2" or "2" -> 2; "" -> 1; anything else 0.
uint32_t number_of(std::string name) {
    if (name.empty()) {
        return 1;
    }
    name = name[0] == 'P' ? name.substr(1) : name;
    uint32_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    return failure == std::errc() && end == name.data() + name.size() ? number : 0;
}

bool comes_in(const sim::trace_event& e) {
    return e.kind == "packet" && sighting_of(e).way != packet_way_of::out;
}

class follower {
  public:
    follower(const sim::trace& t, const format_options& options) : t_(t), o_(options) {}

    // From the n-th packet on, until its context is back where it took it in.
    bool follow(uint32_t n) {
        size_t first = 0;
        for (uint32_t seen = 0; first < t_.events.size(); ++first) {
            const sim::trace_event& e = t_.events[first];
            if (comes_in(e) && (e.packet == 0 ? ++seen : e.packet) == n) {
                break;
            }
        }
        if (first == t_.events.size()) {
            return false;
        }
        home_ = t_.events[first].context;
        number_ = t_.events[first].packet;
        add(t_.events[first], {action_of(t_.events[first])}, look::remark);
        const size_t last = last_told(first);
        find_holders(first, last);
        const std::vector<uint32_t> left = preempted_by_event(t_);
        const size_t told = std::max(last, handed_over() ? last_evidence() : 0);
        for (size_t i = first + 1; i < t_.events.size() && (i <= told || !done_); ++i) {
            if (left[i] == home_ && !done_) {
                l_.rows[last_of_home_].lines.emplace_back("~ preempted here");
            }
            event(i, i <= last || !done_);
        }
        end();
        return true;
    }

    ladder take(uint32_t n) {
        l_.title = fmt::format("{}: the way of packet P{} through the stack", t_.header.subject, n);
        l_.key = {
            "white: a function that the packet comes to   yellow: another context changes what "
            "the packet's context uses",
            "violet: it waits   orange, red: the finding   grey: the same context goes on",
            "blue line: the packet is handed over"};
        return std::move(l_);
    }

  private:
    uint32_t add(const sim::trace_event& e, std::vector<std::string> lines, look as) {
        ladder_row r;
        r.context = e.context;
        r.lines = std::move(lines);
        r.as = as;
        r.tooltip = stack_text(e.stack);
        r.url = e.stack.empty() ? "" : url_of(e.stack.front());
        const auto index = static_cast<uint32_t>(l_.rows.size());
        if (e.context == home_ && index != 0) {
            l_.lines.push_back({last_of_home_, index, grey, "solid", "goes on"});
        }
        if (e.context == home_) {
            last_of_home_ = index;
        } else if (last_of_other_.contains(e.context)) {
            l_.lines.push_back({last_of_other_[e.context], index, grey, "solid", "goes on"});
        }
        if (e.context != home_) {
            last_of_other_[e.context] = index;
        }
        l_.rows.push_back(std::move(r));
        return index;
    }

    // The last that is said of the packet itself: one that was handed over goes on elsewhere.
    [[nodiscard]] size_t last_told(size_t first) const {
        size_t last = first;
        for (size_t i = first; number_ != 0 && i < t_.events.size(); ++i) {
            last = t_.events[i].packet == number_ ? i : last;
        }
        return last;
    }

    [[nodiscard]] bool is_sight(const sim::trace_event& e) const {
        return e.packet != 0 && e.packet == number_ && (e.kind == "packet" || e.kind == "fate");
    }

    // Who else has the packet: since it woke up, where it waits for packets as a task does.
    void find_holders(size_t first, size_t last) {
        for (size_t i = first; number_ != 0 && i <= last; ++i) {
            const sim::trace_event& e = t_.events[i];
            if (!is_sight(e) || e.context == home_ || holders_.contains(e.context)) {
                continue;
            }
            size_t begin = i;
            for (size_t j = i; j-- > first;) {
                if (t_.events[j].context == e.context) {
                    if (t_.events[j].kind == "blocked" || t_.events[j].kind == "cond_resume") {
                        break;
                    }
                    begin = j;
                }
            }
            holders_[e.context] = {begin, 1};
        }
    }

    [[nodiscard]] bool handed_over() const { return !holders_.empty(); }

    // The last event that a finding or its evidence names.
    [[nodiscard]] size_t last_evidence() const {
        std::set<uint32_t> steps;
        for (const sim::trace_finding& f : t_.findings) {
            steps.insert(f.step);
            for (const sim::trace_evidence& v : f.evidence) {
                steps.insert(v.step);
            }
        }
        size_t last = 0;
        for (size_t i = 0; i < t_.events.size(); ++i) {
            last = !t_.events[i].remark && steps.contains(t_.events[i].step) ? i : last;
        }
        return last;
    }

    // A row of whoever has the packet; of one that has not had it before: it was handed over.
    uint32_t add_holding(const sim::trace_event& e, std::vector<std::string> lines, look as) {
        const uint32_t had_it = holding_row_;
        const uint32_t row = add(e, std::move(lines), as);
        if (e.context != home_ && taken_.insert(e.context).second) {
            l_.lines.push_back({had_it, row, blue, "solid", "is handed over"});
        }
        holding_row_ = row;
        return row;
    }

    void event(size_t i, bool on_its_way) {
        const sim::trace_event& e = t_.events[i];
        const auto other = holders_.find(e.context);
        if (is_sight(e)) {
            add_holding(e, {action_of(e)}, is_loss(e) ? look::evidence : look::remark);
        } else if (e.context == home_ && !done_) {
            done_ = e.kind == "leave" && depth_ == 1;
            of_holder(e, depth_);
        } else if (other != holders_.end() && i >= other->second.begin) {
            of_holder(e, other->second.depth);
        } else if (e.context != home_) {
            of_other(e, on_its_way);
        }
        for (const sim::trace_finding& f : t_.findings) {
            if (!e.remark && f.step == e.step && e.step != 0) {
                const uint32_t row = add(
                    e, {fmt::format("{}  {}", e.step, action_of(e)), finding_title(f, o_.plumbing)},
                    look::finding_step);
                l_.rows[row].is_bold = true;
                for (const auto& [step, from] : evidence_) {
                    l_.lines.push_back({from, row, orange, "solid", "explains it"});
                }
            }
        }
    }

    void of_holder(const sim::trace_event& e, size_t& depth) {
        if (e.kind == "enter" && !e.stack.empty()) {
            ++depth;
            const sim::trace_frame& f = e.stack.front();
            // Primitives and helpers of one file within another are no station.
            if (!is_plumbing(f, o_.plumbing) && is_station(f) && depth <= depth_max) {
                add_holding(e,
                            {fmt::format("{}{}", std::string(std::min<size_t>(depth - 1, 8), ' '),
                                         place(f))},
                            look::step);
            }
        } else if (e.kind == "leave") {
            depth -= depth > 0 ? 1 : 0;
        } else if (e.kind == "blocked") {
            add(e, {action_of(e)}, look::blocked);
        } else if (!e.remark) {
            used_.insert(std::string(object_of(e.object)));
        }
    }

    // The layers have names that begin alike.
    static bool is_station(const sim::trace_frame& f) {
        static constexpr std::string_view marks[] = {
            "input", "output", "forward", "send",    "resolve", "start",  "receive", "enqueue",
            "test",  "divert", "deliver", "reflect", "icmp_",   "route_", "lookup"};
        const std::string name = short_function(f.function);
        return !name.starts_with("heddle_") &&
               std::any_of(std::begin(marks), std::end(marks), [&](std::string_view mark) {
                   return name.find(mark) != std::string::npos;
               });
    }

    void of_other(const sim::trace_event& e, bool on_its_way) {
        for (const sim::trace_finding& f : t_.findings) {
            for (const sim::trace_evidence& v : f.evidence) {
                if (!e.remark && v.step == e.step && v.step != 0 && !evidence_.contains(e.step)) {
                    evidence_[e.step] = add(e,
                                            {fmt::format("{}  {}", e.step, v.label), action_of(e),
                                             "in " + telling_place(e, o_.plumbing)},
                                            look::evidence);
                    return;
                }
            }
        }
        if (!on_its_way) {
            return;
        }
        if (e.kind == "command") {
            add(e, {action_of(e)}, look::remark);
        } else if (e.kind == "blocked") {
            add(e, {action_of(e)}, look::blocked);
        } else if (!change_of(e).empty() && used_.contains(std::string(object_of(e.object)))) {
            add(e,
                {fmt::format("{}  {}", e.step, change_of(e)),
                 "in " + telling_place(e, o_.plumbing)},
                look::change);
        }
    }

    void end() {
        for (const sim::trace_finding& f : t_.findings) {
            if (f.step == 0) {
                sim::trace_event e;
                e.context = f.context;
                e.stack = f.stack;
                add(e, {finding_title(f, o_.plumbing)}, look::finding);
            }
        }
    }

    const sim::trace& t_;
    const format_options& o_;
    ladder l_;
    uint32_t home_ = 0;
    size_t depth_ = 0;
    uint32_t number_ = 0;       // of the packet; 0: the trace does not say
    uint32_t holding_row_ = 0;  // the last of whoever has it
    struct holder {
        size_t begin = 0;  // event
        size_t depth = 0;  // of calls since then
    };
    std::map<uint32_t, holder> holders_;  // contexts that it is handed to
    std::set<uint32_t> taken_;            // of these, who have a row
    bool done_ = false;
    uint32_t last_of_home_ = 0;
    std::map<uint32_t, uint32_t> last_of_other_;  // context: row
    std::map<uint32_t, uint32_t> evidence_;       // step: row
    std::set<std::string> used_;
};

}  // namespace

bool packet_way(const sim::trace& t, const format_options& options, std::string& gv,
                std::string& error) {
    // Those before the race have numbers, too: the first that comes in need not be P1.
    const auto first = std::find_if(t.events.begin(), t.events.end(), comes_in);
    const bool is_first = options.packet.empty() && first != t.events.end() && first->packet != 0;
    const uint32_t n = is_first ? first->packet : number_of(options.packet);
    follower f(t, options);
    if (n == 0 || !f.follow(n)) {
        const auto count = std::count_if(t.events.begin(), t.events.end(),
                                         [](const auto& e) { return comes_in(e); });
        error = fmt::format("{}: no packet \"{}\" comes in; there are {}{}", t.header.subject,
                            options.packet, count, count == 0 ? "" : ": P1, P2, ...");
        return false;
    }
    gv = graphviz_text(draw_ladder(t, f.take(n)));
    return true;
}

}  // namespace viz
