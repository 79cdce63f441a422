#include "sim/explore/place_orders.h"

#include <algorithm>

namespace sim {

bool order_watch::begin() {
    std::fill(times_.begin(), times_.end(), times{});
    return recorder_.begin();
}

uint8_t order_watch::choose(const choice_view& view) {
    choice_view allowed = view;
    for (size_t i = 0; enforced_.any() && i < orders_.size(); ++i) {
        const place_order& o = orders_[i];
        if (enforced_[i] && times_[i].first == 0 && (view.enabled >> o.second_context & 1) != 0 &&
            recorder_.places().pending(view.contexts[o.second_context]) == o.second) {
            allowed.enabled &= ~(1ULL << o.second_context);
        }
    }
    if (allowed.enabled == 0) {
        return choose_stop;
    }
    allowed.current_enabled = view.current_enabled && (allowed.enabled >> view.current & 1) != 0;
    const uint8_t next = recorder_.choose(allowed);
    if (next >= choose_pause) {
        return next;
    }
    const trail_step& s = recorder_.steps().back();
    const auto step = static_cast<uint32_t>(recorder_.steps().size());
    for (size_t i = 0; i < orders_.size(); ++i) {
        const place_order& o = orders_[i];
        if (o.first_context == next && o.first == s.where) {
            times_[i].first = step;
        }
        if (o.second_context == next && o.second == s.where) {
            times_[i].second = step;
        }
    }
    return next;
}

order_set order_watch::kept() const {
    order_set kept;
    for (size_t i = 0; i < orders_.size(); ++i) {
        const place_order& o = orders_[i];
        const context& c = g.contexts[o.second_context];
        const bool stands = times_[i].second == 0 && c.state == context_state::live &&
                            recorder_.places().pending(c) == o.second;
        kept[i] = times_[i].first != 0 && (stands || times_[i].first < times_[i].second);
    }
    return kept;
}

}  // namespace sim
