#include "viz/waiting.h"

#include <algorithm>
#include <map>

#include "viz/phrase.h"

namespace viz {

namespace {

constexpr uint32_t none = UINT32_MAX;

bool takes_lock(const sim::trace_event& event) {
    const bool lock = event.kind == "lock" || event.kind == "trylock" || event.kind == "wrlock" ||
                      event.kind == "trywrlock" || event.kind == "rdlock";
    return lock && event.detail.find("failed") == std::string::npos;
}

class watcher {
  public:
    explicit watcher(const sim::trace& t)
        : t_(t),
          last_(t.header.contexts.size(), none),
          last_event_(t.header.contexts.size(), 0),
          over_(contexts_that_end(t)),
          waits_(t.header.contexts.size(), false),
          next_(t.events.size(), none) {
        std::vector<uint32_t> later(t.header.contexts.size(), none);
        for (size_t i = t.events.size(); i-- > 0;) {
            if (!t.events[i].remark) {
                next_[i] = later[t.events[i].context];
                later[t.events[i].context] = static_cast<uint32_t>(i);
            }
        }
    }

    std::vector<wait> watch() {
        for (uint32_t i = 0; i < t_.events.size(); ++i) {
            if (!t_.events[i].remark) {
                step(t_.events[i], i);
                previous_ = i;
            }
            last_event_[t_.events[i].context] = i;
        }
        for (uint32_t c = 0; c < last_.size(); ++c) {
            if (last_[c] != none && !waits_[c]) {
                add_last(c, static_cast<uint32_t>(t_.events.size()));
            }
        }
        std::stable_sort(out_.begin(), out_.end(),
                         [](const wait& a, const wait& b) { return a.event < b.event; });
        return std::move(out_);
    }

  private:
    void step(const sim::trace_event& event, uint32_t i) {
        for (uint32_t c = 0; c < last_.size(); ++c) {
            // Contexts of one CPU keep each other from running without waiting for anything.
            if (last_[c] == none || waits_[c] || c == event.context ||
                t_.header.contexts[c].cpu == t_.header.contexts[event.context].cpu ||
                std::find(event.enabled.begin(), event.enabled.end(), c) != event.enabled.end()) {
                continue;
            }
            const uint32_t next = next_[last_[c]];
            next == none ? add_last(c, i) : add(c, i, "waits for " + object_and_holder(next));
        }
        waits_[event.context] = false;
        last_[event.context] = i;
        if (takes_lock(event)) {
            holder_[event.object] = event.context;
        } else if (event.kind == "unlock" || event.kind == "rwunlock") {
            holder_.erase(event.object);
        }
    }

    [[nodiscard]] std::string object_and_holder(uint32_t next) const {
        const sim::trace_event& event = t_.events[next];
        const auto holder = holder_.find(event.object);
        const bool held = holder != holder_.end() && holder->second != event.context;
        return (event.object.empty() ? event.kind : event.object) +
               (held ? ", held by " + t_.header.contexts[holder->second].name : "");
    }

    // A context that never goes on is over, or waits until the end; a finding may say for what.
    void add_last(uint32_t c, uint32_t i) {
        if (over_[c]) {
            return;
        }
        for (const sim::trace_finding& finding : t_.findings) {
            for (const sim::trace_evidence& evidence : finding.evidence) {
                if (evidence.label == "waits for" && evidence.context == c) {
                    add(c, i, "waits for " + remainder_of(t_, evidence));
                    return;
                }
            }
        }
        if (i < t_.events.size()) {
            add(c, i, "waits");
        }
    }

    // Shown after what the context did last, or after the step of another one that made it wait.
    void add(uint32_t c, uint32_t i, std::string text) {
        waits_[c] = true;
        const uint32_t since = previous_ == last_[c] ? last_event_[c] + 1 : previous_ + 1;
        out_.push_back({std::min(since, i), last_[c], c, std::move(text)});
    }

    const sim::trace& t_;
    std::vector<uint32_t> last_;        // index of the last step, per context
    std::vector<uint32_t> last_event_;  // the same, remarks included
    uint32_t previous_ = 0;             // the last step of anybody
    std::vector<bool> over_;            // has an end in this trace, per context
    std::vector<bool> waits_;           // was told already, per context
    std::vector<uint32_t> next_;        // index of the context's next step, per event
    std::map<std::string, uint32_t> holder_;
    std::vector<wait> out_;
};

}  // namespace

std::vector<wait> waits_of(const sim::trace& t) {
    const bool told = std::any_of(t.events.begin(), t.events.end(), [](const auto& event) {
        return event.remark && event.kind == "blocked";
    });
    // Without lists of enabled contexts nothing can be read off them.
    const bool known = std::any_of(t.events.begin(), t.events.end(),
                                   [](const auto& event) { return !event.enabled.empty(); });
    return told || !known ? std::vector<wait>() : watcher(t).watch();
}

}  // namespace viz
