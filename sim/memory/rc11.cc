#include "sim/memory/rc11.h"

#include <algorithm>

#include "sim/memory/graph.h"
#include "sim/memory/orders.h"

namespace sim {

// An event of the graph, or the one that is proposed, as far as its order matters.
struct seq_cst_order::one {
    uint8_t context;
    bool reads;
    bool writes;
    uint32_t index;
    uint32_t epoch;
    uint32_t location;
    uint32_t from;  // place that it reads
    uint32_t
        place;  // place that it has, as a write; of a proposed one, behind that of the same number
    const vector_clock* known;
};

namespace {

using one = seq_cst_order::one;

one of_event(const execution_graph& of, uint32_t number) {
    const graph_event& e = of.event(number);
    const uint32_t from = e.from == initial_event ? 0 : of.event(e.from).place;
    return {e.context, e.reads, e.writes, e.index, e.epoch, e.location, from, e.place, &e.known};
}

bool in_program(const one& a, const one& b) {
    return a.context == b.context && a.index < b.index;
}

bool happens_before(const one& a, const one& b) {
    return a.context == b.context ? a.index < b.index : b.known->at[a.context] >= a.epoch;
}

bool same_word(const one& a, const one& b) {
    return a.location != no_location && a.location == b.location;
}

// Coherence or from-read: b writes behind what a has written or read.
bool comes_behind(const one& a, const one& b) {
    return b.writes && ((a.writes && a.place < b.place) || (a.reads && a.from < b.place));
}

// Reads-from, coherence and from-read, closed.
bool communicates(const one& a, const one& b) {
    return same_word(a, b) && (comes_behind(a, b) || (b.reads && ((a.writes && a.place <= b.from) ||
                                                                  (a.reads && a.from < b.from))));
}

// The first event behind one in its program, and the last before one, of another location; initial_event: none.
uint32_t other_behind(const execution_graph& of, const one& a) {
    for (uint32_t i = a.index + 1; i <= of.count_of(a.context); ++i) {
        const uint32_t number = of.nth_of(a.context, i);
        if (a.location == no_location || of.event(number).location != a.location) {
            return number;
        }
    }
    return initial_event;
}

uint32_t other_before(const execution_graph& of, const one& b) {
    for (uint32_t i = b.index; --i > 0;) {
        const uint32_t number = of.nth_of(b.context, i);
        if (b.location == no_location || of.event(number).location != b.location) {
            return number;
        }
    }
    return initial_event;
}

bool scb(const execution_graph& of, const one& a, const one& b, uint32_t before_b) {
    if (in_program(a, b) || (same_word(a, b) && (happens_before(a, b) || comes_behind(a, b)))) {
        return true;
    }
    // From one program to another and back, both times by way of another location.
    if (before_b == initial_event || a.context == b.context) {
        return false;
    }
    const uint32_t behind_a = other_behind(of, a);
    return behind_a != initial_event && behind_a != before_b &&
           happens_before(of_event(of, behind_a), of_event(of, before_b));
}

}  // namespace

void seq_cst_order::clear() {
    nodes_.clear();
    fences_.clear();
    edges_.clear();
}

bool seq_cst_order::is_fence(const execution_graph& of, uint32_t node) const {
    return of.event(nodes_[node]).kind == op_kind::fence;
}

void seq_cst_order::add_edge(uint32_t from, uint32_t to) {
    node_set& set = edges_[from];
    if (set.size() <= to / 64) {
        set.resize(to / 64 + 1);
    }
    set[to / 64] |= 1ULL << to % 64;
}

void seq_cst_order::add(const execution_graph& of, uint32_t number) {
    const graph_event& e = of.event(number);
    const bool fence = e.kind == op_kind::fence;
    if (e.order == 5 && (fence || e.location != no_location)) {
        const auto node = static_cast<uint32_t>(nodes_.size());
        nodes_.push_back(number);
        edges_.emplace_back();
        const one b = of_event(of, number);
        for_each_before(of, b, fence, [&](uint32_t from) { add_edge(from, node); });
        if (fence) {
            fences_.push_back(node);
        }
    }
    if (e.location != no_location) {
        add_edges_from(of, number);
    }
}

// Of the nodes from which there is an edge to the last event, the last of each context: from the others there is one
// to these, by their program.
template <typename Edge>
void seq_cst_order::for_each_before(const execution_graph& of, const one& b, bool fence,
                                    const Edge& edge) const {
    std::vector<uint32_t> ends;  // a fence's: all that happens before it
    if (fence) {
        for (uint32_t i = 0; i < of.size(); ++i) {
            if (happens_before(of_event(of, i), b)) {
                ends.push_back(i);
            }
        }
    }
    uint64_t done = 0;
    for (auto node = static_cast<uint32_t>(nodes_.size()); node-- > 0;) {
        const one x = of_event(of, nodes_[node]);
        if ((done >> x.context & 1) != 0 || (x.context == b.context && x.index >= b.index)) {
            continue;
        }
        if (leads_to(of, node, x, b, ends, fence)) {
            done |= 1ULL << x.context;
            edge(node);
        }
    }
}

// Whether there is an edge from a node to b, or to what happens before it if it is a fence: `ends`.
bool seq_cst_order::leads_to(const execution_graph& of, uint32_t node, const one& x, const one& b,
                             const std::vector<uint32_t>& ends, bool fence) const {
    const bool from_fence = is_fence(of, node);
    if (from_fence && fence && happens_before(x, b)) {
        return true;
    }
    if (scb(of, x, b, other_before(of, b))) {
        return true;
    }
    const auto to_ends = [&](const one& a, bool behind_fence) {
        return std::any_of(ends.begin(), ends.end(), [&](uint32_t end) {
            const one e = of_event(of, end);
            return scb(of, a, e, other_before(of, e)) || (behind_fence && communicates(a, e));
        });
    };
    if (to_ends(x, false)) {
        return true;
    }
    if (!from_fence) {
        return false;
    }
    for (uint32_t i = nodes_[node] + 1; i < of.size(); ++i) {
        const one a = of_event(of, i);
        if (happens_before(x, a) && (scb(of, a, b, other_before(of, b)) || to_ends(a, fence))) {
            return true;
        }
    }
    return false;
}

// Of an access that is not the last of its location: to the later writes, and to fences behind these.
void seq_cst_order::find_targets(const execution_graph& of, const one& a, node_set& base,
                                 node_set& fences) const {
    base.assign(nodes_.size() / 64 + 1, 0);
    fences.assign(nodes_.size() / 64 + 1, 0);
    const std::vector<graph_write>& writes = of.location(a.location).writes;
    const auto fences_behind = [&](uint32_t number, node_set& set) {
        const one x = of_event(of, number);
        for (const uint32_t node : fences_) {
            if (happens_before(x, of_event(of, nodes_[node]))) {
                set[node / 64] |= 1ULL << node % 64;
            }
        }
    };
    const uint32_t after = a.writes ? a.place : a.from;
    for (size_t place = after + 1; place < writes.size(); ++place) {
        const graph_write& w = writes[place];
        fences_behind(w.event, base);
        const auto at = std::find(nodes_.begin(), nodes_.end(), w.event);
        if (at != nodes_.end()) {
            const auto node = static_cast<uint32_t>(at - nodes_.begin());
            base[node / 64] |= 1ULL << node % 64;
        }
        for (uint32_t r = w.first_reader; r != initial_event; r = of.event(r).next_reader) {
            fences_behind(r, fences);
        }
    }
    for (size_t i = 0; i < base.size(); ++i) {
        fences[i] |= base[i];
    }
}

void seq_cst_order::add_edges_from(const execution_graph& of, uint32_t number) {
    const one a = of_event(of, number);
    const uint32_t after = a.writes ? a.place : a.from;
    if (after + 1 == of.location(a.location).writes.size()) {
        return;
    }
    node_set base;
    node_set fences;
    find_targets(of, a, base, fences);
    const auto add_all = [&](uint32_t node, const node_set& targets) {
        edges_[node].resize(std::max(edges_[node].size(), targets.size()));
        for (size_t i = 0; i < targets.size(); ++i) {
            edges_[node][i] |= targets[i];
        }
    };
    for (const uint32_t node : fences_) {
        if (happens_before(of_event(of, nodes_[node]), a)) {
            add_all(node, fences);
        }
    }
    if (!nodes_.empty() && nodes_.back() == number) {
        add_all(static_cast<uint32_t>(nodes_.size()) - 1, base);
    }
}

bool seq_cst_order::reach(const node_set& from, const node_set& to) const {
    node_set seen = from;
    std::vector<uint32_t> todo;
    const auto take = [&](size_t word, uint64_t bits) {
        for (; bits != 0; bits &= bits - 1) {
            todo.push_back(static_cast<uint32_t>(word * 64) +
                           static_cast<uint32_t>(__builtin_ctzll(bits)));
        }
    };
    for (size_t i = 0; i < from.size(); ++i) {
        take(i, from[i]);
    }
    while (!todo.empty()) {
        const uint32_t node = todo.back();
        todo.pop_back();
        if ((to[node / 64] >> node % 64 & 1) != 0) {
            return true;
        }
        const node_set& next = edges_[node];
        for (size_t i = 0; i < next.size(); ++i) {
            const uint64_t more = next[i] & ~seen[i];
            seen[i] |= more;
            take(i, more);
        }
    }
    return false;
}

bool seq_cst_order::admits(const execution_graph& of, const proposed_access& a,
                           const vector_clock& known) const {
    const one b{a.context, a.reads,     a.writes, of.count_of(a.context) + 1, ~0U, a.location,
                a.place,   a.place + 1, &known};
    // Later writes stand where they stood: behind its place.
    one as_read = b;
    as_read.writes = false;
    node_set base;
    node_set fences;
    find_targets(of, as_read, base, fences);
    node_set before(nodes_.size() / 64 + 1, 0);
    for (const uint32_t node : fences_) {
        if (happens_before(of_event(of, nodes_[node]), b)) {
            before[node / 64] |= 1ULL << node % 64;
        }
    }
    if (reach(fences, before)) {
        return false;
    }
    if (a.order != 5) {
        return true;
    }
    for_each_before(of, b, false, [&](uint32_t node) { before[node / 64] |= 1ULL << node % 64; });
    return !reach(base, before);
}

bool rc11_admits(const execution_graph& of, const proposed_access& a, const vector_clock& known) {
    if (!of.any_seq_cst()) {
        return true;  // one alone is in no cycle
    }
    if (of.all_seq_cst() && a.order == 5) {
        return sc_admits(of, a);
    }
    return of.seq_cst().admits(of, a, known);
}

}  // namespace sim
