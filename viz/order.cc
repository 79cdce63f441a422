#include "viz/order.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "viz/phrase.h"

namespace viz {

namespace {

// Per context, its last step that happens before (or is) a given step.
using clock = std::vector<uint32_t>;

void join(clock& into, const clock& other) {
    for (size_t i = 0; i < into.size(); ++i) {
        into[i] = std::max(into[i], other[i]);
    }
}

// Follows the steps of a trace, in their order.
class known_steps {
  public:
    explicit known_steps(const sim::trace& t)
        : now_(t.header.contexts.size(), clock(t.header.contexts.size(), 0)),
          at_(1, clock(t.header.contexts.size(), 0)) {}

    // The next step; of what it is said to be after, what does not follow is told.
    template <typename Told>
    void add(const sim::trace_event& event, const Told& told) {
        clock& mine = now_[event.context];
        // The latest first: what it implies need not be said again.
        std::vector<uint32_t> after = event.after;
        std::sort(after.rbegin(), after.rend());
        for (const uint32_t step : after) {
            if (step == 0 || step >= at_.size() || mine[context_of_[step]] >= step) {
                continue;
            }
            told(step);
            join(mine, at_[step]);
        }
        mine[event.context] = event.step;
        at_.push_back(mine);
        context_of_.push_back(event.context);
    }

    // Both have been added.
    [[nodiscard]] bool before(uint32_t a, uint32_t b) const { return at_[b][context_of_[a]] >= a; }
    [[nodiscard]] uint32_t context_of(uint32_t step) const { return context_of_[step]; }

  private:
    std::vector<clock> now_;  // per context
    std::vector<clock> at_;   // per step
    std::vector<uint32_t> context_of_ = {0};
};

// The two accesses of a data race conflict, and came in one order; but nothing made them.
std::vector<order_edge> data_races(const sim::trace& t) {
    std::vector<order_edge> out;
    for (const sim::trace_finding& finding : t.findings) {
        if (finding.kind == "data race") {
            for (const sim::trace_evidence& evidence : finding.evidence) {
                if (evidence.label == "other access") {
                    out.push_back({evidence.step, finding.step});
                }
            }
        }
    }
    return out;
}

}  // namespace

std::vector<order_edge> necessary_order(const sim::trace& t) {
    known_steps known(t);
    const std::vector<order_edge> races = data_races(t);
    std::vector<order_edge> out;
    for (const sim::trace_event& event : t.events) {
        if (!event.remark) {
            known.add(event, [&](uint32_t step) { out.push_back({step, event.step}); });
        }
    }
    std::erase_if(out, [&](const order_edge& edge) {
        return std::find(races.begin(), races.end(), edge) != races.end();
    });
    return out;
}

std::vector<read_edge> reads_from(const sim::trace& t) {
    known_steps known(t);
    std::vector<read_edge> out;
    for (const sim::trace_event& event : t.events) {
        if (event.remark) {
            continue;
        }
        known.add(event, [](uint32_t) {});
        if (event.from != 0 && event.from < event.step &&
            known.context_of(event.from) != event.context) {
            out.push_back({event.from, event.step, event.stale && event.kind != "store",
                           known.before(event.from, event.step)});
        }
    }
    return out;
}

std::vector<order_edge> not_seen(const sim::trace& t) {
    std::map<std::string_view, uint32_t> last;  // write of each object
    std::vector<order_edge> out;
    for (const sim::trace_event& event : t.events) {
        if (event.remark || event.object.empty()) {
            continue;
        }
        const auto written = last.find(event.object);
        if (event.stale && event.kind != "store" && written != last.end() &&
            written->second != event.from) {
            out.push_back({written->second, event.step});
        }
        if (!is_read(event) && !event.stale) {
            last[event.object] = event.step;
        }
    }
    return out;
}

}  // namespace viz
