#include "viz/order.h"

#include <algorithm>

namespace viz {

namespace {

// Per context, its last step that happens before (or is) a given step.
using clock = std::vector<uint32_t>;

void join(clock& into, const clock& other) {
    for (size_t i = 0; i < into.size(); ++i) {
        into[i] = std::max(into[i], other[i]);
    }
}

}  // namespace

std::vector<order_edge> necessary_order(const sim::trace& t) {
    const size_t contexts = t.header.contexts.size();
    std::vector<clock> now(contexts, clock(contexts, 0));  // per context
    std::vector<clock> at(1, clock(contexts, 0));          // per step
    std::vector<uint32_t> context_of(1, 0);
    std::vector<order_edge> out;
    for (const sim::trace_event& event : t.events) {
        if (event.remark) {
            continue;
        }
        clock& mine = now[event.context];
        // The latest first: what it implies need not be said again.
        std::vector<uint32_t> after = event.after;
        std::sort(after.rbegin(), after.rend());
        for (const uint32_t step : after) {
            if (step == 0 || step >= at.size() || mine[context_of[step]] >= step) {
                continue;
            }
            out.push_back({step, event.step});
            join(mine, at[step]);
        }
        mine[event.context] = event.step;
        at.push_back(mine);
        context_of.push_back(event.context);
    }
    return out;
}

}  // namespace viz
