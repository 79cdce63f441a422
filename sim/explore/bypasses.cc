#include "sim/explore/bypasses.h"

#include <algorithm>

#include "sim/dependence.h"

namespace sim {

namespace {

// It cannot stop a context for good, nor end it.
bool goes_on(const operation& op) {
    switch (op.kind) {
        case op_kind::load:
        case op_kind::store:
        case op_kind::rmw:
        case op_kind::cas:
        case op_kind::fence:
        case op_kind::point:
        case op_kind::section:
            return true;
        default:
            return false;
    }
}

bool same_word(const operation& a, const operation& b) {
    return a.object == b.object && a.size == b.size;
}

bool overlap(const operation& a, const operation& b) {
    return a.object < b.object + b.size && b.object < a.object + a.size;
}

}  // namespace

bool later_events::add(uint32_t depth, bool follows) {
    const logged_event& e = log_.at(depth);
    bool later = follows || std::any_of(writes_.begin(), writes_.end(),
                                        [&](uint32_t write) { return log_.before(write, depth); });
    if (!later && !awaits_.empty() && use_of(e.op) == operation_use::write &&
        std::any_of(awaits_.begin(), awaits_.end(),
                    [&](uint32_t await) { return dependent(log_.at(await).op, e.op); })) {
        writes_.push_back(depth);
        later = true;
    }
    if (later && only_awaits(e.op)) {
        awaits_.push_back(depth);
    }
    return later;
}

void bypasses::cut() {
    const auto end = static_cast<uint32_t>(log_.analysed());
    while (!list_.empty() && list_.back().write >= end) {
        list_.pop_back();
    }
    for (bypass& b : list_) {
        if (b.settled >= end) {
            b.settled = bypass::open;
        }
    }
}

bool bypasses::alone(const operation& word, uint8_t context) const {
    const context_core& c = g.contexts[context];
    const uint64_t granule = object_chains::granule_of(word.object);
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const logged_event& e = log_.at(static_cast<size_t>(at));
        if (use_of(e.op) != operation_use::write || !overlap(e.op, word)) {
            continue;
        }
        const bool by_creator = e.context == c.parent && static_cast<uint32_t>(at) < c.created_at;
        if (!same_word(e.op, word) || !e.op.has_values || may_commute(e.op) || e.op.on_cpu ||
            (e.context != context && !by_creator)) {
            return false;
        }
    }
    return true;
}

uint8_t bypasses::only_writer(const logged_event& await) const {
    const uint64_t granule = object_chains::granule_of(await.op.object);
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const logged_event& e = log_.at(static_cast<size_t>(at));
        if (use_of(e.op) == operation_use::write && overlap(e.op, await.op)) {
            return e.context != await.context && alone(await.op, e.context) ? e.context : 0xff;
        }
    }
    return 0xff;
}

void bypasses::add(uint32_t await, const logged_event& write) {
    const operation& op = log_.at(await).op;
    if (holds(op, write.op.before) && !holds(op, write.op.after)) {
        list_.push_back({await, static_cast<uint32_t>(log_.analysed()), bypass::open});
    }
}

const std::vector<bypass>& bypasses::due(const logged_event& e) {
    due_.clear();
    const auto depth = static_cast<uint32_t>(log_.analysed());
    for (bypass& b : list_) {
        const logged_event& write = log_.at(b.write);
        if (b.settled != bypass::open || b.write == depth || write.context != e.context) {
            continue;
        }
        const bool held_up = e.joined != write.joined || e.advanced != write.advanced;
        const bool again = e.op.has_values && same_word(e.op, write.op) &&
                           use_of(e.op) == operation_use::write &&
                           holds(log_.at(b.await).op, e.op.after);
        if (held_up || !goes_on(e.op)) {
            due_.push_back(b);
        } else if (!again) {
            continue;
        }
        b.settled = depth;
    }
    return due_;
}

const std::vector<bypass>& bypasses::due_at_end() {
    cut();
    due_.clear();
    for (const bypass& b : list_) {
        if (b.settled == bypass::open) {
            due_.push_back(b);
        }
    }
    return due_;
}

}  // namespace sim
