#include "sim/explore/constrained.h"

#include <algorithm>

#include "sim/explore/replay.h"

namespace sim {

constrained_strategy::constrained_strategy(std::vector<point_order> orders,
                                           std::vector<point_prune> prunes, point_set& points,
                                           strategy& inner)
    : orders_(std::move(orders)), prunes_(std::move(prunes)), points_(points), inner_(inner) {
    for (const point_order& o : orders_) {
        progress_.push_back({o.first});
        progress_.push_back({o.second});
    }
    for (const point_prune& p : prunes_) {
        for (size_t point : p.until) {
            progress_.push_back({point});
        }
    }
}

bool constrained_strategy::begin() {
    if (!inner_.begin()) {
        return false;
    }
    for (progress& p : progress_) {
        p = {p.point, 0, false, false, p.ever};
    }
    pruned_.assign(prunes_.size(), false);
    first_look_ = true;
    points_.arm();
    return true;
}

void constrained_strategy::end(execution_end why) {
    // Nobody was asked after the last step.
    for (progress& p : progress_) {
        p.ever = p.ever || (p.here && context_named(points_.at(p.point).context) == g.last);
    }
    inner_.end(why);
}

bool constrained_strategy::ever_passed(size_t point) const {
    return std::any_of(progress_.begin(), progress_.end(), [point](const progress& p) {
        return p.point == point && (p.ever || p.here);
    });
}

constrained_strategy::progress& constrained_strategy::of(size_t point) {
    return *std::find_if(progress_.begin(), progress_.end(),
                         [point](const progress& p) { return p.point == point; });
}

// A context stands somewhere else only if it has just moved.
void constrained_strategy::look(const choice_view& view) {
    for (progress& p : progress_) {
        unsigned context = context_named(points_.at(p.point).context);
        if (context != view.current && !first_look_ && !p.here) {
            continue;
        }
        if (context == view.current && p.here) {
            p.here = false;
            p.passed = p.ever = true;
        }
        bool came = (context == view.current || first_look_) && points_.stands_at(p.point);
        if (came && !p.passed) {
            p.here = ++p.arrivals >= points_.at(p.point).point.count;
        }
    }
    first_look_ = false;
}

uint64_t constrained_strategy::allowed(uint64_t enabled) const {
    for (const point_order& o : orders_) {
        auto at = [this](size_t point) {
            return std::find_if(progress_.begin(), progress_.end(),
                                [point](const progress& p) { return p.point == point; });
        };
        if (at(o.second)->here && !at(o.first)->passed) {
            enabled &= ~(1ULL << context_named(points_.at(o.second).context));
        }
    }
    return enabled;
}

// Before the point of a prune there is one way only: its context first.
bool constrained_strategy::is_early(const choice_view& view) {
    bool early = false;
    for (size_t i = 0; i < prunes_.size(); ++i) {
        if (pruned_[i]) {
            continue;
        }
        unsigned context = context_named(prunes_[i].context);
        for (size_t point : prunes_[i].until) {
            const script_point& p = points_.at(point).point;
            bool state = p.kind == point_kind::done && p.name.empty()
                             ? view.contexts[context].state == context_state::done
                             : p.kind == point_kind::blocked && is_blocked(p, context);
            pruned_[i] = pruned_[i] || state || of(point).here || of(point).passed;
        }
        early |= !pruned_[i];
    }
    return early;
}

uint8_t constrained_strategy::choose(const choice_view& view) {
    host_scope host;
    look(view);
    choice_view left = view;
    left.enabled = allowed(view.enabled);
    left.current_enabled = view.current_enabled && (left.enabled >> view.current & 1) != 0;
    if (left.enabled == 0) {
        ++cut_;
        return choose_stop;
    }
    if (!is_early(left)) {
        return inner_.choose(left);
    }
    for (size_t i = 0; i < prunes_.size(); ++i) {
        unsigned context = context_named(prunes_[i].context);
        if (!pruned_[i] && (left.enabled >> context & 1) != 0) {
            return static_cast<uint8_t>(context);
        }
    }
    return default_choice(left);
}

uint32_t constrained_strategy::pick(const choice_view& view, uint32_t n) {
    host_scope host;
    return is_early(view) ? 0 : inner_.pick(view, n);
}

}  // namespace sim
