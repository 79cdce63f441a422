#include "sim/explore/event_log.h"

#include <algorithm>

#include "sim/dependence.h"

namespace sim {

event_log::event_log() {
    std::fill(std::begin(last_), std::end(last_), -1);
}

logged_event event_log::make(const context& c) const {
    logged_event e;
    e.op = c.op;
    e.context = c.id;
    e.previous = last_[c.id];
    e.index = e.previous < 0 ? 1 : events_[static_cast<size_t>(e.previous)].index + 1;
    e.advanced = g.time_passed_at;
    e.joined = c.joined;
    if (e.previous < 0 && c.parent < contexts_max) {
        // The creator's last event at that moment; if it had none, its own creator's.
        const context* creator = &g.contexts[c.parent];
        uint32_t created_at = c.created_at;
        while (e.creator < 0) {
            int32_t at = last_[creator->id];
            while (at >= 0 && static_cast<uint32_t>(at) >= created_at) {
                at = events_[static_cast<size_t>(at)].previous;
            }
            e.creator = at;
            if (at >= 0 || creator->parent >= contexts_max) {
                break;
            }
            created_at = creator->created_at;
            creator = &g.contexts[creator->parent];
        }
    }
    const bool waits = c.op.kind == op_kind::cond_resume || c.op.kind == op_kind::futex_resume ||
                       c.op.kind == op_kind::barrier_resume;
    if (waits && (c.signalled || c.op.kind == op_kind::barrier_resume)) {
        e.granted = static_cast<int32_t>(c.granted_at) - 1;
    }
    return e;
}

logged_event event_log::pending(const context& c) const {
    return make(c);
}

void event_log::append(const context& c) {
    if (g.clock_width > width_) {
        widen(g.clock_width);
    }
    logged_event e = make(c);
    e.picks_begin = static_cast<uint32_t>(picks.size());
    last_[c.id] = static_cast<int32_t>(events_.size());
    events_.push_back(e);
}

void event_log::cut(size_t depth) {
    if (depth >= events_.size()) {
        return;
    }
    for (size_t i = events_.size(); i-- > depth;) {
        last_[events_[i].context] = events_[i].previous;
    }
    picks.resize(events_[depth].picks_begin);
    events_.resize(depth);
    chains_.cut(depth);
    clocks_.resize(chains_.size() * width_);
}

void event_log::widen(uint32_t width) {
    std::vector<uint32_t> wide(chains_.size() * width, 0);
    for (size_t i = 0; i < chains_.size(); ++i) {
        std::copy_n(&clocks_[i * width_], width_, &wide[i * width]);
    }
    clocks_ = std::move(wide);
    width_ = width;
}

void event_log::join(uint32_t* to, const uint32_t* from) const {
    for (uint32_t i = 0; i < width_; i += 4) {
        for (uint32_t k = i; k < i + 4; ++k) {
            to[k] = to[k] < from[k] ? from[k] : to[k];
        }
    }
}

void event_log::base_clock(const logged_event& e, uint32_t* to) const {
    const int32_t before = e.previous >= 0 ? e.previous : e.creator;
    if (before >= 0) {
        std::copy_n(clock(static_cast<size_t>(before)), width_, to);
    } else {
        std::fill_n(to, width_, 0U);
    }
    if (e.granted >= 0) {
        join(to, clock(static_cast<size_t>(e.granted)));
    }
    for (uint64_t rest = e.joined; rest != 0; rest &= rest - 1) {
        const int32_t last = last_[__builtin_ctzll(rest)];
        if (last >= 0 && !includes(to, events_[static_cast<size_t>(last)])) {
            join(to, clock(static_cast<size_t>(last)));
        }
    }
    // Whatever there was when time had to pass happens before all that comes later.
    if (e.advanced != 0) {
        for (uint32_t i = 0; i < width_; ++i) {
            int32_t at = last_[i];
            while (at >= 0 && static_cast<uint32_t>(at) >= e.advanced) {
                at = events_[static_cast<size_t>(at)].previous;
            }
            const uint32_t known = at >= 0 ? events_[static_cast<size_t>(at)].index : 0;
            to[i] = to[i] < known ? known : to[i];
        }
    }
    to[e.context] = e.index;
}

void event_log::enter(const uint32_t* clock) {
    clocks_.insert(clocks_.end(), clock, clock + width_);
    chains_.push(events_[chains_.size()].op);
}

}  // namespace sim
