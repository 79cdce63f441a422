#include "viz/interest.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "viz/order.h"
#include "viz/packets.h"
#include "viz/phrase.h"
#include "viz/waiting.h"

namespace viz {

namespace {

// Ranks. A trace of 250 steps has room for about 30 lines: what explains the finding comes first.
enum rank : uint32_t {
    rank_finding = 0,   // the steps that the finding and its evidence name
    rank_story = 1,     // commands, packets, waiting, who was preempted
    rank_life = 2,      // first and last step of a context; steps on the objects of the finding
    rank_shared = 3,    // locks that several contexts use, changes of state
    rank_way = 4,       // calls that lead to the finding, outermost calls
    rank_conflict = 5,  // accesses of memory that another context touches too, one of them a write
    rank_lock = 6,      // other synchronisation
    rank_detail = 7,    // other calls, allocations
};

constexpr uint32_t nobody = UINT32_MAX;

// The functions of a stack that say something, outermost first.
std::vector<std::string> path_of(const std::vector<sim::trace_frame>& stack,
                                 const plumbing_files& plumbing) {
    std::vector<std::string> path;
    for (auto frame = stack.rbegin(); frame != stack.rend(); ++frame) {
        if (!is_plumbing(*frame, plumbing)) {
            path.push_back(short_function(frame->function));
        }
    }
    if (path.empty() && !stack.empty()) {
        path.push_back(short_function(stack.front().function));
    }
    return path;
}

// ---------------------------------------------------------------- items and calls

class item_maker {
  public:
    item_maker(const sim::trace& t, const plumbing_files& plumbing)
        : t_(t),
          plumbing_(plumbing),
          calls_(t.header.contexts.size()),
          told_(t.header.contexts.size()),
          step_item_(t.events.size() + 1, nobody) {
        for (const sim::trace_event& event : t.events) {
            told_[event.context] = told_[event.context] || event.kind == "enter";
        }
    }

    std::vector<item> make() {
        const std::vector<wait> waits = waits_of(t_);
        auto next_wait = waits.begin();
        for (uint32_t i = 0; i < t_.events.size(); ++i) {
            const sim::trace_event& event = t_.events[i];
            while (next_wait != waits.end() && next_wait->event == i) {
                add_wait(*next_wait++);
            }
            if (!event.remark) {
                step(event, i);
            } else if (event.kind == "enter") {
                enter(event, i);
            } else if (event.kind == "leave") {
                leave(event, i);
            } else if (!attach(event, i)) {
                add(item::what_kind::remark, event, i, innermost(event.context));
            }
        }
        while (next_wait != waits.end()) {
            add_wait(*next_wait++);
        }
        return std::move(items_);
    }

  private:
    void add_wait(const wait& w) {
        const sim::trace_event& before = t_.events[w.last];
        add(item::what_kind::remark, before, w.last, innermost(w.context)).waits = w.text;
    }

    item& add(item::what_kind what, const sim::trace_event& event, uint32_t i,
              std::string function) {
        item& it = items_.emplace_back();
        it.what = what;
        it.event = i;
        it.context = event.context;
        it.function = std::move(function);
        it.depth = static_cast<uint32_t>(calls_[event.context].size());
        return it;
    }

    [[nodiscard]] std::string innermost(uint32_t context) const {
        return calls_[context].empty() ? "" : calls_[context].back();
    }

    void step(const sim::trace_event& event, uint32_t i) {
        const std::vector<std::string> path = path_of(event.stack, plumbing_);
        if (!told_[event.context] && !path.empty()) {
            follow(event, i, path);
        }
        // Without remarks nobody knows whether a step without a stack is still in those calls.
        std::string function = path.empty() ? "" : path.back();
        if (path.empty() && told_[event.context]) {
            function = innermost(event.context);
        }
        add(item::what_kind::step, event, i, std::move(function));
        step_item_[std::min<size_t>(event.step, t_.events.size())] =
            static_cast<uint32_t>(items_.size() - 1);
    }

    // Calls and returns between the last stack of a context and this one.
    void follow(const sim::trace_event& event, uint32_t i, const std::vector<std::string>& path) {
        std::vector<std::string>& calls = calls_[event.context];
        size_t same = 0;
        while (same < calls.size() && same < path.size() && calls[same] == path[same]) {
            ++same;
        }
        while (calls.size() > same) {
            calls.pop_back();
            add(item::what_kind::leave, event, i, "");
        }
        for (; same < path.size(); ++same) {
            add(item::what_kind::call, event, i, path[same]);
            calls.push_back(path[same]);
        }
    }

    [[nodiscard]] std::string function_of(const sim::trace_event& event) const {
        const bool named = !event.object.empty() || event.stack.empty();
        return short_function(named ? event.object : event.stack.front().function);
    }

    [[nodiscard]] bool passed_over(const sim::trace_event& event) const {
        return is_library(event.object) ||
               (!event.stack.empty() && is_plumbing(event.stack.front(), plumbing_));
    }

    void enter(const sim::trace_event& event, uint32_t i) {
        if (passed_over(event)) {
            return;
        }
        const std::string function = function_of(event);
        add(item::what_kind::call, event, i, function);
        calls_[event.context].push_back(function);
    }

    // An exception or a finding may have skipped some: leaves what is innermost with that name.
    void leave(const sim::trace_event& event, uint32_t i) {
        std::vector<std::string>& calls = calls_[event.context];
        const auto found = std::find(calls.rbegin(), calls.rend(), function_of(event));
        if (passed_over(event) || found == calls.rend()) {
            return;
        }
        for (auto n = found - calls.rbegin() + 1; n > 0; --n) {
            calls.pop_back();
            add(item::what_kind::leave, event, i, "");
        }
    }

    bool attach(const sim::trace_event& event, uint32_t i) {
        if (event.kind != "state" && event.kind != "alloc" && event.kind != "free") {
            return false;
        }
        const uint32_t at = step_item_[std::min<size_t>(event.step, t_.events.size())];
        if (event.step == 0 || at == nobody || items_[at].context != event.context) {
            return false;
        }
        items_[at].changes.push_back(i);
        return true;
    }

    const sim::trace& t_;
    const plumbing_files& plumbing_;
    std::vector<std::vector<std::string>> calls_;  // per context, outermost first
    std::vector<bool> told_;                       // the context has enter remarks
    std::vector<uint32_t> step_item_;
    std::vector<item> items_;
};

// ---------------------------------------------------------------- ranks

// Who touches each object, and does anybody write it.
struct usage {
    uint32_t context = nobody;
    bool several = false;
    bool written = false;
};

class ranker {
  public:
    explicit ranker(const sim::trace& t)
        : t_(t),
          left_(preempted_by_event(t)),
          first_(t.header.contexts.size(), nobody),
          last_(t.header.contexts.size(), nobody) {
        for (uint32_t i = 0; i < t.events.size(); ++i) {
            const sim::trace_event& event = t.events[i];
            if (event.remark) {
                continue;
            }
            first_[event.context] = std::min(first_[event.context], i);
            last_[event.context] = i;
            usage& use = usage_[event.object];
            use.several = use.several || (use.context != nobody && use.context != event.context);
            use.context = event.context;
            use.written = use.written || !is_read(event);
        }
        find_evidence();
        find_old_values();
    }

    [[nodiscard]] uint32_t of(const item& it) const {
        const sim::trace_event& event = t_.events[it.event];
        switch (it.what) {
            case item::what_kind::call:
                return of_call(it);
            case item::what_kind::leave:
                return rank_dull;
            case item::what_kind::remark:
                return of_remark(event);
            case item::what_kind::step:
                break;
        }
        uint32_t best = of_step(event, it.event);
        for (const uint32_t change : it.changes) {
            best = std::min(best, of_change(t_.events[change]));
        }
        return best;
    }

  private:
    void find_evidence() {
        const std::vector<uint32_t> events = step_events(t_);
        for (const sim::trace_finding& finding : t_.findings) {
            name_step(finding.step, finding.context, finding.stack, events);
            for (const sim::trace_evidence& evidence : finding.evidence) {
                name_step(evidence.step, evidence.context, evidence.stack, events);
            }
        }
        for (const sim::trace_event& event : t_.events) {
            if (steps_.count(event.step) == 0 || event.object.empty()) {
                continue;
            }
            // A plain access is no step: the step that a finding names may only be the last one
            // before it, about something else. Its object counts when the finding speaks of it.
            const std::string object(object_of(event.object));
            if (event.kind == "free" || event.kind == "blocked" || is_spoken_of(object)) {
                objects_.insert(object);
            }
        }
    }

    // Who reads an old value, whose it is, and what was not seen.
    void find_old_values() {
        for (const read_edge& e : reads_from(t_)) {
            if (e.stale) {
                old_.insert({e.from, e.to});
            }
        }
        for (const order_edge& e : not_seen(t_)) {
            old_.insert({e.from, e.to});
        }
    }

    [[nodiscard]] bool is_spoken_of(const std::string& object) const {
        for (const sim::trace_finding& finding : t_.findings) {
            if (finding.message.find(object) != std::string::npos) {
                return true;
            }
            for (const sim::trace_evidence& evidence : finding.evidence) {
                if (evidence.text.find(object) != std::string::npos) {
                    return true;
                }
            }
        }
        return false;
    }

    void name_step(uint32_t step, uint32_t context, const std::vector<sim::trace_frame>& stack,
                   const std::vector<uint32_t>& events) {
        if (step != 0 && step < events.size()) {
            steps_.insert(step);
        }
        for (const sim::trace_frame& frame : stack) {
            way_.insert({context, short_function(frame.function)});
        }
    }

    [[nodiscard]] bool of_finding(std::string_view object) const {
        // The set is small: a few objects for each finding.
        return std::any_of(objects_.begin(), objects_.end(),
                           [&](const std::string& o) { return is_part_of(object, o); });
    }

    [[nodiscard]] uint32_t of_step(const sim::trace_event& event, uint32_t i) const {
        if (steps_.count(event.step) != 0) {
            return rank_finding;
        }
        if (left_[i] != nobody) {
            return rank_story;
        }
        if (first_[event.context] == i || last_[event.context] == i || of_finding(event.object) ||
            old_.count(event.step) != 0) {
            return rank_life;
        }
        const auto use = usage_.find(event.object);
        const bool shared = !event.object.empty() && use->second.several && use->second.written;
        if (is_synchronisation(event.kind)) {
            return shared ? rank_shared : rank_lock;
        }
        return shared ? rank_conflict : rank_dull;
    }

    [[nodiscard]] uint32_t of_change(const sim::trace_event& event) const {
        if (of_finding(event.object)) {
            return event.kind == "alloc" ? rank_shared : rank_life;
        }
        return event.kind == "state" ? rank_shared : rank_detail;
    }

    static uint32_t of_remark(const sim::trace_event& event) {
        if (is_loss(event)) {
            return rank_story;
        }
        static const std::map<std::string_view, uint32_t> ranks = {
            {"packet", rank_story}, {"command", rank_story}, {"blocked", rank_story},
            {"window", rank_story}, {"alloc", rank_detail},  {"free", rank_detail},
            {"fence", rank_detail}, {"take", rank_dull},     {"put", rank_dull},
            {"fate", rank_detail}};
        const auto found = ranks.find(event.kind);
        return found == ranks.end() ? rank_shared : found->second;
    }

    [[nodiscard]] uint32_t of_call(const item& it) const {
        return it.depth == 0 || way_.count({it.context, it.function}) != 0 ? rank_way : rank_detail;
    }

    const sim::trace& t_;
    std::vector<uint32_t> left_;
    std::vector<uint32_t> first_;
    std::vector<uint32_t> last_;
    std::map<std::string, usage> usage_;
    std::set<uint32_t> steps_;                        // named by a finding or its evidence
    std::set<uint32_t> old_;                          // that have to do with old values
    std::set<std::string> objects_;                   // what those steps are about
    std::set<std::pair<uint32_t, std::string>> way_;  // functions that lead there
};

}  // namespace

std::vector<item> items_of(const sim::trace& t, const plumbing_files& plumbing) {
    std::vector<item> items = item_maker(t, plumbing).make();
    const ranker ranks(t);
    for (item& it : items) {
        it.rank = ranks.of(it);
    }
    return items;
}

std::vector<uint32_t> step_events(const sim::trace& t) {
    std::vector<uint32_t> out(1, 0);
    for (uint32_t i = 0; i < t.events.size(); ++i) {
        if (!t.events[i].remark) {
            out.push_back(i);
        }
    }
    return out;
}

std::vector<uint32_t> preempted_by_event(const sim::trace& t) {
    std::vector<uint32_t> out(t.events.size(), nobody);
    uint32_t before = nobody;
    for (uint32_t i = 0; i < t.events.size(); ++i) {
        const sim::trace_event& event = t.events[i];
        if (event.remark) {
            continue;
        }
        if (event.preemption && before != event.context) {
            out[i] = before;
        }
        before = event.context;
    }
    return out;
}

}  // namespace viz
