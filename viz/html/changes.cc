#include "viz/html/changes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace viz {

namespace {

constexpr std::string_view arrow = " -> ";

bool is_one_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool takes(const sim::trace_event& event) {
    return is_one_of(event.kind, {"lock", "trylock", "wrlock", "trywrlock", "rdlock", "tryrdlock",
                                  "cond_resume"}) &&
           event.detail.find("failed") == std::string::npos && event.detail != sim::tried_in_vain;
}

class follower {
  public:
    explicit follower(const sim::trace& t) : t_(t) {
        for (const sim::trace_event& event : t.events) {
            if (event.remark && is_one_of(event.kind, {"take", "put"})) {
                counted_.insert(event.object);
            }
        }
    }

    std::vector<state_change> follow() {
        for (uint32_t i = 0; i < t_.events.size(); ++i) {
            const sim::trace_event& event = t_.events[i];
            if (event.remark) {
                remark(i, event);
            } else {
                step(i, event);
            }
        }
        return std::move(out_);
    }

  private:
    void step(uint32_t i, const sim::trace_event& event) {
        if (takes(event)) {
            take(i, event.object, event.context,
                 is_one_of(event.kind, {"rdlock", "tryrdlock"}) ? "read by " : "held by ");
        } else if (is_one_of(event.kind, {"unlock", "rwunlock"})) {
            give(i, event.object, event.context);
        } else if (event.kind == "cond_wait") {
            give(i, mutex_of_wait(i, event), event.context);
        } else if (event.detail.find(arrow) != std::string::npos &&
                   !(event.stale && event.kind == "store")) {
            const bool counts = counted_.contains(event.object) || event.object.ends_with("refcnt");
            moved(i, counts ? state_group::reference : state_group::value, event);
        }
    }

    void remark(uint32_t i, const sim::trace_event& event) {
        if (event.kind == "state") {
            moved(i, event.object.starts_with("packet ") ? state_group::packet : state_group::state,
                  event);
        } else if (is_one_of(event.kind, {"alloc", "free"})) {
            set(i, state_group::memory, event.object, event.kind == "free" ? "freed" : "allocated");
        } else if (event.kind == "packet") {
            packet(i, event);
        } else if (event.kind == "fate" && names_of_packets_.contains(event.packet)) {
            set(i, state_group::packet, names_of_packets_[event.packet], event.detail);
        }
    }

    // "em0 < IP 10.0.1.9 > ...": it came in by em0; "em1 > ...": it went out. The interface may also
    // be the event's object.
    void packet(uint32_t i, const sim::trace_event& event) {
        const std::string& text = event.detail.empty() ? event.object : event.detail;
        const size_t at = std::min(text.find(" < "), text.find(" > "));
        const std::string interface = at == std::string::npos ? "" : text.substr(0, at);
        if (interface.empty() || (interface.find(' ') != std::string::npos &&
                                  interface.find(" queue ") == std::string::npos)) {
            set(i, state_group::packet, text,
                "seen" +
                    (event.object.empty() || event.detail.empty() ? "" : " at " + event.object));
            return;
        }
        const std::string words = text.substr(at + 3);
        const std::string& name =
            event.packet == 0 ? words
                              : names_of_packets_.try_emplace(event.packet, words).first->second;
        set(i, state_group::packet, name, (text[at + 1] == '<' ? "in by " : "out by ") + interface);
    }

    void moved(uint32_t i, state_group group, const sim::trace_event& event) {
        const size_t at = event.detail.find(arrow);
        if (at == std::string::npos) {
            set(i, group, event.object, event.detail);
            return;
        }
        // The words after the new value ("3 -> 3, failed") are no part of it.
        std::string after = event.detail.substr(at + arrow.size());
        if (after.ends_with(", failed")) {
            return;
        }
        last_[event.object] = event.detail.substr(0, at);
        set(i, group, event.object, std::move(after));
    }

    void take(uint32_t i, const std::string& lock, uint32_t context, const std::string& how) {
        holders_[lock].push_back(context);
        set(i, state_group::lock, lock, how + names(holders_[lock]));
    }

    void give(uint32_t i, const std::string& lock, uint32_t context) {
        std::vector<uint32_t>& holders = holders_[lock];
        const auto mine = std::find(holders.begin(), holders.end(), context);
        if (lock.empty() || mine == holders.end()) {
            return;  // taken before the trace begins
        }
        holders.erase(mine);
        set(i, state_group::lock, lock, holders.empty() ? "free" : "read by " + names(holders));
    }

    // A wait names its condition only; the mutex is the one that it takes again, or else what its
    // context took last.
    [[nodiscard]] std::string mutex_of_wait(uint32_t i, const sim::trace_event& wait) const {
        for (size_t later = i + 1; later < t_.events.size(); ++later) {
            const sim::trace_event& event = t_.events[later];
            if (!event.remark && event.context == wait.context) {
                if (event.kind == "cond_resume") {
                    return event.object;
                }
                break;
            }
        }
        for (size_t before = i; before-- > 0;) {
            const sim::trace_event& event = t_.events[before];
            const auto held = holders_.find(event.object);
            if (event.context == wait.context && takes(event) && held != holders_.end() &&
                std::count(held->second.begin(), held->second.end(), wait.context) != 0) {
                return event.object;
            }
        }
        return "";
    }

    [[nodiscard]] std::string names(const std::vector<uint32_t>& contexts) const {
        std::string out;
        for (const uint32_t context : contexts) {
            out += (out.empty() ? "" : ", ") + t_.header.contexts[context].name;
        }
        return out;
    }

    void set(uint32_t i, state_group group, const std::string& thing, std::string after) {
        std::string& last = last_[thing];
        std::string before = last.empty() && group == state_group::lock ? "free" : last;
        out_.push_back({i, group, thing, std::move(before), after});
        last = std::move(after);
    }

    const sim::trace& t_;
    std::set<std::string> counted_;                         // counters of references
    std::map<std::string, std::vector<uint32_t>> holders_;  // per lock
    std::map<std::string, std::string> last_;               // per thing, what it was last
    std::map<uint32_t, std::string> names_of_packets_;      // by number: as it came in
    std::vector<state_change> out_;
};

}  // namespace

std::vector<state_change> state_changes(const sim::trace& t) {
    return follower(t).follow();
}

}  // namespace viz
