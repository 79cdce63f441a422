#include "sim/explore/wakeup_tree.h"

#include <algorithm>
#include <utility>

#include "sim/dependence.h"

namespace sim {

void wakeup_sequence::begin(const logged_event& last, const uint32_t* last_clock) {
    last_ = &last;
    last_clock_ = last_clock;
    steps_.clear();
    contexts_.clear();
    members_ = initials_ = 0;
    open_end_ = has_await_ = false;
}

bool wakeup_sequence::after_await(size_t i) const {
    const operation& op = at(i).op;
    for (size_t k = 0; k < i && use_of(op) == operation_use::write; ++k) {
        if (only_awaits(at(k).op) && contexts_[k] != contexts_[i] && dependent(at(k).op, op)) {
            return true;
        }
    }
    return false;
}

size_t wakeup_sequence::first_of(uint8_t context) const {
    return static_cast<size_t>(std::find(contexts_.begin(), contexts_.end(), context) -
                               contexts_.begin());
}

bool wakeup_sequence::is_initial(uint8_t context) {
    const uint64_t bit = 1ULL << context;
    if ((initials_ & bit) == 0 && nothing_before(first_of(context))) {
        initials_ |= bit;
    }
    return (initials_ & bit) != 0;
}

bool wakeup_sequence::independent(const operation& op) const {
    for (size_t i = 0; i < size(); ++i) {
        if (dependent(op, at(i).op)) {
            return false;
        }
    }
    return true;
}

void wakeup_sequence::end_with_alternatives() {
    size_t end = 0;
    while (end < size() && picks(end) == nullptr) {
        ++end;
    }
    if (end == size()) {
        return;
    }
    std::vector<uint32_t> steps(steps_.begin(), steps_.begin() + static_cast<long>(end + 1));
    begin(*last_, last_clock_);
    for (uint32_t step : steps) {
        add(step);
    }
    open_end_ = true;
}

void wakeup_sequence::remove_first_of(uint8_t context) {
    const size_t i = first_of(context);
    open_end_ &= i + 1 != size();
    steps_.erase(steps_.begin() + static_cast<long>(i));
    contexts_.erase(contexts_.begin() + static_cast<long>(i));
    const size_t next = first_of(context);
    initials_ &= ~(1ULL << context);
    if (next < size()) {
        first_[context] = at(next).index;
    } else {
        members_ &= ~(1ULL << context);
    }
}

std::unique_ptr<planned_picks> wakeup_sequence::picks(size_t i) const {
    if (steps_[i] == the_last || (open_end_ && i + 1 == size())) {
        return nullptr;
    }
    const size_t begin = log_.picks_begin(steps_[i]);
    const size_t end = log_.picks_end(steps_[i]);
    if (begin == end) {
        return nullptr;
    }
    auto picks = std::make_unique<planned_picks>();
    picks->count = log_.pick(begin).count;
    for (size_t k = begin; k < end; ++k) {
        picks->taken.push_back(log_.pick(k).taken);
    }
    return picks;
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

int32_t wakeup_forest::make(const operation& op, uint8_t context,
                            std::unique_ptr<planned_picks> picks) {
    if (free_.empty()) {
        if (made_ == chunks_.size() * chunk_size) {
            chunks_.push_back(std::make_unique<wakeup_node[]>(chunk_size));
        }
        free_.push_back(static_cast<int32_t>(made_++));
    }
    const int32_t node = free_.back();
    free_.pop_back();
    wakeup_node& n = at(node);
    n.op = op;
    n.op.commutes = false;
    n.context = context;
    n.picks = std::move(picks);
    n.child = n.next = -1;
    return node;
}

int32_t wakeup_forest::make_branch(const wakeup_sequence& v) {
    int32_t below = -1;
    for (size_t i = v.size(); i-- > 0;) {
        const int32_t node = make(v.at(i).op, v.at(i).context, v.picks(i));
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
    at(node).picks.reset();
    free_.push_back(node);
}

void wakeup_forest::insert_copy(int32_t node, const wakeup_sequence& v) {
    int32_t child = at(node).child;
    if (child >= 0) {
        wakeup_sequence copy(v);
        insert(child, copy);
    }
}

// Whether a member of the sequence may begin with the node's step. One whose alternatives are not planned
// stands for all of them.
bool wakeup_forest::covers_step(const wakeup_node& n, wakeup_sequence& v) {
    if (!v.is_initial(n.context) || n.picks == nullptr) {
        return v.is_initial(n.context);
    }
    const auto picks = v.picks(v.first_of(n.context));
    return picks != nullptr && picks->taken == n.picks->taken;
}

bool wakeup_forest::insert(int32_t& first, wakeup_sequence& v, std::vector<alternatives> explored,
                           std::vector<int32_t>* touched) {
    const auto touch = [touched](bool here, int32_t branch) {
        if (touched != nullptr && here) {
            touched->push_back(branch);
        }
    };
    int32_t above = -1;  // whose children are looked at; -1: the list `first`
    for (;;) {
        int32_t last = -1;
        int32_t into = -1;
        for (int32_t c = above < 0 ? first : at(above).child; c >= 0; c = at(c).next) {
            if ((v.members() >> at(c).context & 1) != 0) {
                if (covers_step(at(c), v)) {
                    v.remove_first_of(at(c).context);
                    if (v.empty()) {
                        return false;
                    }
                    into = c;
                    break;
                }
            } else if (v.independent(at(c).op)) {
                if (at(c).picks == nullptr) {
                    into = c;
                    break;
                }
                // Behind this alternative it is wanted, and without it too, unless all are here.
                touch(above < 0, c);
                insert_copy(c, v);
                const planned_picks& p = *at(c).picks;
                if (alternatives::add(explored, {at(c).context, p.count, p.mask()})) {
                    return false;
                }
            }
            last = c;
        }
        if (into < 0) {
            const int32_t branch = make_branch(v);
            int32_t& link = last >= 0 ? at(last).next : above >= 0 ? at(above).child : first;
            link = branch;
            touch(above < 0, branch);
            return true;
        }
        if (at(into).child < 0) {
            return false;  // a leaf: whatever comes after it is explored
        }
        touch(above < 0, into);
        above = into;
        explored.clear();
    }
}

}  // namespace sim
