#include "sim/explore/event_log.h"

#include <algorithm>

#include "sim/dependence.h"

namespace sim {

namespace {

constexpr uint32_t nothing[contexts_max] = {};  // a clock

}  // namespace

event_log::event_log() {
    std::fill(std::begin(last_), std::end(last_), -1);
}

// The event after which a context was created: its creator's last at that moment, or if there was none,
// the creator's own.
int32_t event_log::creation_of(const context& c) const {
    const context* created = &c;
    int32_t at = -1;
    while (at < 0 && created->parent < contexts_max) {
        at = last_[created->parent];
        while (at >= 0 && static_cast<uint32_t>(at) >= created->created_at) {
            at = events_[static_cast<size_t>(at)].previous;
        }
        created = &g.contexts[created->parent];
    }
    return at;
}

void event_log::make(const context& c, logged_event& e) const {
    e.op = c.op;
    e.context = c.id;
    e.previous = last_[c.id];
    e.index = e.previous < 0 ? 1 : events_[static_cast<size_t>(e.previous)].index + 1;
    e.advanced = g.time_passed_at;
    e.joined = c.joined;
    e.creator = e.previous < 0 ? creation_of(c) : -1;
    const bool waits = c.op.kind == op_kind::cond_resume || c.op.kind == op_kind::futex_resume ||
                       c.op.kind == op_kind::barrier_resume;
    e.granted = waits && (c.signalled || c.op.kind == op_kind::barrier_resume)
                    ? static_cast<int32_t>(c.granted_at) - 1
                    : -1;
}

logged_event event_log::pending(const context& c) const {
    logged_event e;
    make(c, e);
    return e;
}

operation* event_log::append(const context& c) {
    if (g.clock_width > width_) {
        widen(g.clock_width);
    }
    if (size_ == events_.size()) {
        events_.resize(2 * size_ + 64);
    }
    logged_event& e = events_[size_];
    make(c, e);
    e.picks_begin = static_cast<uint32_t>(picks_.size());
    choices_.push_back({c.op.object, c.op.kind, c.id});
    last_[c.id] = static_cast<int32_t>(size_);
    ++size_;
    return &e.op;
}

void event_log::append_pick(const data_choice& c) {
    const logged_event& e = events_[size_ - 1];
    picks_.push_back(c);
    choices_.push_back({e.op.object, e.op.kind, static_cast<uint8_t>(choice_is_data | c.taken)});
}

void event_log::take_other(size_t i, uint32_t alternative) {
    const size_t beyond = picks_.size() - i;
    const data_choice old = picks_[i];
    picks_.resize(i);
    choices_.resize(choices_.size() - beyond);
    append_pick({old.count, alternative, old.excluded});
}

void event_log::cut(size_t depth) {
    if (depth >= size_) {
        return;
    }
    for (size_t i = size_; i-- > depth;) {
        last_[events_[i].context] = events_[i].previous;
    }
    picks_.resize(events_[depth].picks_begin);
    choices_.resize(depth + picks_.size());
    size_ = depth;
    chains_.cut(depth);
}

uint32_t* event_log::next_clock() {
    const size_t begin = analysed() * width_;
    if (begin + width_ > clocks_.size()) {
        clocks_.resize(2 * clocks_.size() + 64 * width_);
    }
    return &clocks_[begin];
}

void event_log::put(logged_event e, const std::vector<data_choice>& choices,
                    const std::vector<uint32_t>& clock) {
    width_ = static_cast<uint32_t>(clock.size());
    e.picks_begin = static_cast<uint32_t>(picks_.size());
    picks_.insert(picks_.end(), choices.begin(), choices.end());
    events_.resize(size_);
    events_.push_back(e);
    clocks_.resize(size_ * width_);
    clocks_.insert(clocks_.end(), clock.begin(), clock.end());
    ++size_;
}

void event_log::widen(uint32_t width) {
    std::vector<uint32_t> wide(analysed() * width, 0);
    for (size_t i = 0; i < analysed(); ++i) {
        std::copy_n(&clocks_[i * width_], width_, &wide[i * width]);
    }
    clocks_ = std::move(wide);
    width_ = width;
}

void event_log::base_clock(const logged_event& e, uint32_t* to) const {
    const int32_t before = e.previous >= 0 ? e.previous : e.creator;
    const uint32_t* from = before >= 0 ? clock(static_cast<size_t>(before)) : nothing;
    for (uint32_t i = 0; i < width_; i += 4) {
        const entries four = entries_at(from + i);
        std::memcpy(to + i, &four, sizeof four);
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

bool event_log::includes_all(const uint32_t* clock) const {
    return includes_others(clock, contexts_max);
}

bool event_log::includes_others(const uint32_t* clock, uint32_t context) const {
    for (uint32_t i = 0; i < width_; ++i) {
        if (i != context && last_[i] >= 0 &&
            !includes(clock, events_[static_cast<size_t>(last_[i])])) {
            return false;
        }
    }
    return true;
}

}  // namespace sim
