#include "sim/trace/choice_tree.h"

#include <algorithm>

namespace sim {

uint64_t tree_counts::all() const {
    uint64_t sum = 0;
    for (const uint64_t n : of) {
        sum += n;
    }
    return sum;
}

void tree_counts::add(const tree_counts& more) {
    for (size_t i = 0; i < tree_ends; ++i) {
        of[i] += more.of[i];
    }
}

void choice_tree::clear() {
    nodes_.assign(1, {});
    bytes_.clear();
}

int32_t choice_tree::child(int32_t node, uint8_t choice) const {
    int32_t c = nodes_[node].first_child;
    while (c != no_tree_node && bytes_[nodes_[c].begin] != choice) {
        c = nodes_[c].next;
    }
    return c;
}

int32_t choice_tree::append(int32_t parent, const uint8_t* choices, size_t count) {
    const auto made = static_cast<int32_t>(nodes_.size());
    tree_node n;
    n.begin = static_cast<uint32_t>(bytes_.size());
    n.length = static_cast<uint32_t>(count);
    n.parent = parent;
    bytes_.insert(bytes_.end(), choices, choices + count);
    nodes_.push_back(n);
    tree_node& above = nodes_[parent];
    (above.last_child == no_tree_node ? above.first_child : nodes_[above.last_child].next) = made;
    above.last_child = made;
    return made;
}

// The node keeps its first choices; a new one below it gets the rest, and all that was below.
int32_t choice_tree::split(int32_t node, uint32_t length) {
    const auto made = static_cast<int32_t>(nodes_.size());
    nodes_.push_back(nodes_[node]);
    tree_node& upper = nodes_[node];
    tree_node& lower = nodes_[made];
    lower.begin += length;
    lower.length -= length;
    lower.parent = node;
    lower.next = no_tree_node;
    for (int32_t c = lower.first_child; c != no_tree_node; c = nodes_[c].next) {
        nodes_[c].parent = made;
    }
    upper.length = length;
    upper.first_child = upper.last_child = made;
    upper.ends = upper.unkept = {};
    upper.finding = -1;
    return node;
}

void choice_tree::add(const uint8_t* choices, size_t count, tree_end end, int32_t finding) {
    const auto kind = static_cast<size_t>(end);
    int32_t node = 0;
    size_t at = 0;
    while (at < count) {
        const int32_t next = child(node, choices[at]);
        if (next == no_tree_node) {
            break;
        }
        const tree_node& n = nodes_[next];
        const uint8_t* const known = bytes_.data() + n.begin;
        const size_t most = std::min<size_t>(n.length, count - at);
        const auto same =
            static_cast<uint32_t>(std::mismatch(known, known + most, choices + at).first - known);
        const bool leaves = same < n.length;
        if (leaves && leaves_left_ == 0 && end != tree_end::failed) {
            break;
        }
        node = leaves ? split(next, same) : next;
        at += same;
        if (leaves) {
            break;
        }
    }
    if (at < count && leaves_left_ == 0 && end != tree_end::failed) {
        ++nodes_[node].unkept.of[kind];
        return;
    }
    if (at < count) {
        node = append(node, choices + at, count - at);
        leaves_left_ -= leaves_left_ == 0 ? 0 : 1;
    }
    ++nodes_[node].ends.of[kind];
    if (end == tree_end::failed && nodes_[node].finding < 0) {
        nodes_[node].finding = finding;
    }
}

std::vector<uint8_t> choice_tree::path(int32_t node) const {
    std::vector<int32_t> up;
    for (int32_t n = node; n != no_tree_node; n = nodes_[n].parent) {
        up.push_back(n);
    }
    std::vector<uint8_t> all;
    for (auto n = up.rbegin(); n != up.rend(); ++n) {
        const uint8_t* const from = choices(nodes_[*n]);
        all.insert(all.end(), from, from + nodes_[*n].length);
    }
    return all;
}

std::vector<int32_t> choice_tree::in_order() const {
    std::vector<int32_t> order;
    order.reserve(nodes_.size());
    int32_t n = 0;
    while (n != no_tree_node) {
        order.push_back(n);
        if (nodes_[n].first_child != no_tree_node) {
            n = nodes_[n].first_child;
            continue;
        }
        while (n != no_tree_node && nodes_[n].next == no_tree_node) {
            n = nodes_[n].parent;
        }
        n = n == no_tree_node ? n : nodes_[n].next;
    }
    return order;
}

std::vector<tree_counts> choice_tree::totals() const {
    std::vector<tree_counts> sums(nodes_.size());
    const std::vector<int32_t> order = in_order();
    for (auto n = order.rbegin(); n != order.rend(); ++n) {
        const tree_node& one = nodes_[*n];
        sums[*n].add(one.ends);
        sums[*n].add(one.unkept);
        if (one.parent != no_tree_node) {
            sums[one.parent].add(sums[*n]);
        }
    }
    return sums;
}

}  // namespace sim
