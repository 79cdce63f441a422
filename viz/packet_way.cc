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
        const std::vector<uint32_t> left = preempted_by_event(t_);
        for (size_t i = first + 1; i < t_.events.size() && (i <= last || !done_); ++i) {
            if (left[i] == home_ && !done_) {
                l_.rows[last_of_home_].lines.emplace_back("~ preempted here");
            }
            event(t_.events[i]);
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

    // Where the packet itself is seen, whoever has it then.
    void sight(const sim::trace_event& e) {
        const uint32_t had_it = last_sight_;
        const uint32_t row = add(e, {action_of(e)}, is_loss(e) ? look::evidence : look::remark);
        if (l_.rows[had_it].context != e.context) {
            l_.lines.push_back({had_it, row, blue, "solid", "is handed over"});
        }
        last_sight_ = row;
    }

    void event(const sim::trace_event& e) {
        if (e.packet != 0 && e.packet == number_ && (e.kind == "packet" || e.kind == "fate")) {
            sight(e);
        } else if (done_) {
            // Only the packet's own way is followed from here on.
        } else if (e.context == home_) {
            of_home(e);
        } else {
            of_other(e);
        }
        for (const sim::trace_finding& f : t_.findings) {
            if (!e.remark && f.step == e.step && e.step != 0) {
                const uint32_t row = add(e, {fmt::format("{}  {}", e.step, action_of(e)), f.kind},
                                         look::finding_step);
                l_.rows[row].is_bold = true;
                for (const auto& [step, from] : evidence_) {
                    l_.lines.push_back({from, row, orange, "solid", "explains it"});
                }
            }
        }
    }

    void of_home(const sim::trace_event& e) {
        if (e.kind == "enter" && !e.stack.empty()) {
            ++depth_;
            const sim::trace_frame& f = e.stack.front();
            // Primitives and helpers of one file within another are no station.
            if (!is_plumbing(f, o_.plumbing) && is_station(f) && depth_ <= depth_max) {
                add(e,
                    {fmt::format("{}{}", std::string(std::min<size_t>(depth_ - 1, 8), ' '),
                                 place(f))},
                    look::step);
            }
        } else if (e.kind == "leave") {
            done_ = depth_ == 1;
            depth_ -= depth_ > 0 ? 1 : 0;
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

    void of_other(const sim::trace_event& e) {
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
    uint32_t number_ = 0;      // of the packet; 0: the trace does not say
    uint32_t last_sight_ = 0;  // row
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
