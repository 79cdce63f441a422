#include "sim/explore/wakeup_tree.h"

#include <algorithm>

#include "sim/dependence.h"

namespace sim {

size_t wakeup_sequence::first_of(uint8_t context) const {
    for (size_t i = 0; i < size(); ++i) {
        if (at(i).context == context) {
            return i;
        }
    }
    return size();
}

bool wakeup_sequence::is_initial(size_t i) const {
    const uint32_t* clock = i < events_.size() ? log_.clock(events_[i]) : last_clock_;
    for (size_t k = 0; k < i; ++k) {
        if (event_log::includes(clock, at(k))) {
            return false;
        }
    }
    return true;
}

bool wakeup_sequence::independent(const operation& op) const {
    for (size_t i = 0; i < size(); ++i) {
        if (dependent(op, at(i).op)) {
            return false;
        }
    }
    return true;
}

void wakeup_sequence::remove(size_t i) {
    if (i < events_.size()) {
        events_.erase(events_.begin() + static_cast<long>(i));
    } else {
        has_last_ = false;
    }
}

std::vector<uint32_t> wakeup_sequence::picks(size_t i) const {
    std::vector<uint32_t> taken;
    if (i < events_.size()) {
        for (size_t k = log_.at(events_[i]).picks_begin; k < log_.picks_end(events_[i]); ++k) {
            taken.push_back(log_.picks[k].taken);
        }
    }
    return taken;
}

uint32_t wakeup_sequence::alternatives_of(size_t i) const {
    const bool some =
        i < events_.size() && log_.at(events_[i]).picks_begin < log_.picks_end(events_[i]);
    return some ? log_.picks[log_.at(events_[i]).picks_begin].count : 0;
}

bool alternatives::add(std::vector<alternatives>& list, const alternatives& more) {
    auto at = std::find_if(list.begin(), list.end(),
                           [&](const alternatives& a) { return a.context == more.context; });
    if (at == list.end()) {
        at = list.insert(list.end(), more);
    }
    at->mask |= more.mask;
    at->count = std::max(at->count, more.count);
    return at->count != 0 && at->count < 64 && at->mask == (1ULL << at->count) - 1;
}

int32_t wakeup_forest::make(const logged_event& e, std::vector<uint32_t> picks, uint32_t count) {
    if (free_.empty()) {
        free_.push_back(static_cast<int32_t>(nodes_.size()));
        nodes_.emplace_back();
    }
    const int32_t node = free_.back();
    free_.pop_back();
    wakeup_node& n = at(node);
    n.op = e.op;
    n.context = e.context;
    n.picks = std::move(picks);
    n.count = count;
    n.child = n.next = -1;
    return node;
}

int32_t wakeup_forest::make_branch(const wakeup_sequence& v) {
    int32_t below = -1;
    for (size_t i = v.size(); i-- > 0;) {
        const int32_t node = make(v.at(i), v.picks(i), v.alternatives_of(i));
        at(node).child = below;
        below = node;
    }
    return below;
}

int32_t wakeup_forest::take_first(int32_t& first) {
    const int32_t node = first;
    first = at(node).next;
    at(node).next = -1;
    return node;
}

void wakeup_forest::release(int32_t node) {
    at(node).picks.clear();
    free_.push_back(node);
}

void wakeup_forest::insert_copy(int32_t node, const wakeup_sequence& v) {
    int32_t child = at(node).child;
    if (child >= 0) {
        wakeup_sequence copy(v);
        insert(child, copy);
    }
}

bool wakeup_forest::insert(int32_t& first, wakeup_sequence& v, std::vector<alternatives> explored) {
    int32_t above = -1;  // whose children are looked at; -1: the list `first`
    for (;;) {
        int32_t last = -1;
        int32_t into = -1;
        for (int32_t c = above < 0 ? first : at(above).child; c >= 0; c = at(c).next) {
            const size_t step = v.first_of(at(c).context);
            if (step < v.size()) {
                // A step whose alternatives are not planned stands for all of them.
                if (v.is_initial(step) && (at(c).picks.empty() || at(c).picks == v.picks(step))) {
                    v.remove(step);
                    if (v.empty()) {
                        return false;
                    }
                    into = c;
                    break;
                }
            } else if (v.independent(at(c).op)) {
                if (at(c).picks.empty()) {
                    into = c;
                    break;
                }
                // Behind this alternative it is wanted, and without it too, unless all are here.
                insert_copy(c, v);
                const uint64_t mask =
                    at(c).picks.size() == 1 && at(c).picks[0] < 64 ? 1ULL << at(c).picks[0] : 0;
                if (alternatives::add(explored, {at(c).context, at(c).count, mask})) {
                    return false;
                }
            }
            last = c;
        }
        if (into < 0) {
            const int32_t branch = make_branch(v);
            int32_t& link = last >= 0 ? at(last).next : above >= 0 ? at(above).child : first;
            link = branch;
            return true;
        }
        if (at(into).child < 0) {
            return false;  // a leaf: whatever comes after it is explored
        }
        above = into;
        explored.clear();
    }
}

}  // namespace sim
