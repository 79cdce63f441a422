#include "viz/lock_graph.h"

#include <algorithm>

#include "viz/phrase.h"

namespace viz {

namespace {

struct held_lock {
    std::string name;
    uint32_t step = 0;
    std::vector<sim::trace_frame> stack;
};

class reader {
  public:
    explicit reader(const sim::trace& t) : t_(t), held_(t.header.contexts.size()) {}

    std::vector<lock_edge> edges() {
        for (const sim::trace_event& e : t_.events) {
            event(e);
        }
        // Who waits at the end may have left no more than the finding's evidence.
        for (const sim::trace_finding& f : t_.findings) {
            for (const sim::trace_evidence& e : f.evidence) {
                const std::string what = remainder_of(t_, e);
                const size_t end = what.find(", held by ");
                if (e.label == "waits for" && end != std::string::npos) {
                    wants(e.context, what.substr(0, end), 0, e.stack);
                }
            }
        }
        mark_cycles();
        return std::move(edges_);
    }

  private:
    void event(const sim::trace_event& e) {
        std::vector<held_lock>& mine = held_[e.context];
        if (takes_lock(e)) {
            if (!e.kind.starts_with("try")) {  // who only tries does not wait
                wants(e.context, e.object, e.step, e.stack);
            }
            mine.push_back({e.object, e.step, e.stack});
        } else if (gives_lock_back(e)) {
            const auto it = std::find_if(mine.rbegin(), mine.rend(),
                                         [&](const held_lock& l) { return l.name == e.object; });
            if (it != mine.rend()) {
                mine.erase(std::next(it).base());
            }
        } else if (e.remark && e.kind == "blocked" && e.detail.starts_with("held by ")) {
            wants(e.context, e.object, e.step, e.stack);
        }
    }

    void wants(uint32_t context, const std::string& lock, uint32_t step,
               const std::vector<sim::trace_frame>& stack) {
        for (const held_lock& l : held_[context]) {
            const auto it = std::find_if(edges_.begin(), edges_.end(), [&](const lock_edge& e) {
                return e.held == l.name && e.wanted == lock;
            });
            if (it != edges_.end()) {
                it->times += step == it->wanted_step || step == 0 ? 0 : 1;
                if (it->wanted_stack.size() < stack.size()) {  // a remark has but one frame
                    it->wanted_stack = stack;
                }
            } else if (l.name != lock) {
                edges_.push_back({l.name, lock, context, l.step, step, l.stack, stack, 1, false});
            }
        }
    }

    bool leads(const std::string& from, const std::string& to, std::vector<std::string>& seen) {
        if (from == to) {
            return true;
        }
        if (std::find(seen.begin(), seen.end(), from) != seen.end()) {
            return false;
        }
        seen.push_back(from);
        return std::any_of(edges_.begin(), edges_.end(), [&](const lock_edge& e) {
            return e.held == from && leads(e.wanted, to, seen);
        });
    }

    void mark_cycles() {
        for (lock_edge& e : edges_) {
            std::vector<std::string> seen;
            e.in_cycle = leads(e.wanted, e.held, seen);
        }
    }

    const sim::trace& t_;
    std::vector<std::vector<held_lock>> held_;  // per context
    std::vector<lock_edge> edges_;
};

}  // namespace

bool takes_lock(const sim::trace_event& event) {
    const bool lock = event.kind == "lock" || event.kind == "trylock" || event.kind == "wrlock" ||
                      event.kind == "trywrlock" || event.kind == "rdlock" ||
                      event.kind == "tryrdlock";
    return lock && !event.remark && event.detail.find("failed") == std::string::npos &&
           event.detail.find(sim::tried_in_vain) == std::string::npos;
}

bool gives_lock_back(const sim::trace_event& event) {
    return !event.remark && (event.kind == "unlock" || event.kind == "rwunlock");
}

std::vector<lock_edge> lock_edges(const sim::trace& t) {
    return reader(t).edges();
}

}  // namespace viz
