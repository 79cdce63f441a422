#include "sim/memory/rc11.h"

#include "sim/machine/machine.h"
#include "sim/memory/orders.h"

namespace sim {

namespace {

// An event of the graph, or the one that is proposed, as far as its order matters.
struct node {
    uint8_t context;
    bool seq_cst;
    bool fence;
    bool reads;
    bool writes;
    uint32_t index;
    uint32_t epoch;
    uint32_t location;
    uint32_t from;   // place that it reads
    uint32_t place;  // place that it has, as a write
    const vector_clock* known;
};

class partial_order_of_seq_cst {
  public:
    partial_order_of_seq_cst(const execution_graph& of, const proposed_access& a,
                             const vector_clock& known) {
        for (uint32_t i = 0; i < of.size(); ++i) {
            add(of, of.event(i), a);
        }
        const bool seq_cst = a.order == 5;
        nodes_.push_back({a.context, seq_cst, false, a.reads, a.writes, of.count_of(a.context) + 1,
                          ~0U, a.location, a.place, a.place + 1, &known});
        find_neighbours();
    }

    bool has_cycle() {
        for (uint32_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i].seq_cst) {
                seq_cst_.push_back(i);
            }
        }
        state_.assign(seq_cst_.size(), 0);
        for (size_t i = 0; i < seq_cst_.size(); ++i) {
            if (state_[i] == 0 && comes_back(i)) {
                return true;
            }
        }
        return false;
    }

  private:
    static constexpr uint32_t none = ~0U;

    void add(const execution_graph& of, const graph_event& e, const proposed_access& a) {
        node n{e.context,
               e.order == 5 && (e.location != no_location || e.kind == op_kind::fence),
               e.kind == op_kind::fence,
               e.reads,
               e.writes,
               e.index,
               e.epoch,
               e.location,
               0,
               e.place,
               &e.known};
        n.from = e.reads && e.from != initial_event ? of.event(e.from).place : 0;
        if (a.writes && e.location == a.location) {
            // The new write moves those behind it.
            n.from += e.reads && n.from > a.place ? 1 : 0;
            n.place += e.writes && n.place > a.place ? 1 : 0;
        }
        nodes_.push_back(n);
    }

    // The first event behind each in its program, and the last before it, of another location.
    void find_neighbours() {
        const auto n = static_cast<uint32_t>(nodes_.size());
        behind_.assign(n, none);
        before_.assign(n, none);
        for (uint32_t i = 0; i < n; ++i) {
            for (uint32_t k = i + 1; k < n; ++k) {
                if (nodes_[i].context != nodes_[k].context) {
                    continue;
                }
                const bool apart =
                    nodes_[i].location == no_location || nodes_[i].location != nodes_[k].location;
                if (apart && behind_[i] == none) {
                    behind_[i] = k;
                }
                before_[k] = apart ? i : before_[k];
            }
        }
    }

    [[nodiscard]] bool in_program(uint32_t a, uint32_t b) const {
        return nodes_[a].context == nodes_[b].context && nodes_[a].index < nodes_[b].index;
    }
    [[nodiscard]] bool happens_before(uint32_t a, uint32_t b) const {
        if (nodes_[a].context == nodes_[b].context) {
            return nodes_[a].index < nodes_[b].index;
        }
        return nodes_[b].known->at[nodes_[a].context] >= nodes_[a].epoch;
    }
    [[nodiscard]] bool same_word(uint32_t a, uint32_t b) const {
        return nodes_[a].location != no_location && nodes_[a].location == nodes_[b].location;
    }
    // Coherence or from-read: b writes behind what a has written or read.
    [[nodiscard]] bool comes_behind(uint32_t a, uint32_t b) const {
        const node& x = nodes_[a];
        const node& y = nodes_[b];
        return a != b && y.writes &&
               ((x.writes && x.place < y.place) || (x.reads && x.from < y.place));
    }
    // Reads-from, coherence and from-read, closed.
    [[nodiscard]] bool communicates(uint32_t a, uint32_t b) const {
        if (a == b || !same_word(a, b)) {
            return false;
        }
        const node& x = nodes_[a];
        const node& y = nodes_[b];
        return comes_behind(a, b) ||
               (y.reads && ((x.writes && x.place <= y.from) || (x.reads && x.from < y.from)));
    }
    [[nodiscard]] bool scb(uint32_t a, uint32_t b) const {
        if (in_program(a, b)) {
            return true;
        }
        if (same_word(a, b) && (happens_before(a, b) || comes_behind(a, b))) {
            return true;
        }
        return behind_[a] != none && before_[b] != none && behind_[a] != before_[b] &&
               happens_before(behind_[a], before_[b]);
    }

    // Whether `edge` holds from a, or what happens after it if it is a fence, to b or what happens before it.
    [[nodiscard]] bool base(uint32_t a, uint32_t b) const {
        const auto n = static_cast<uint32_t>(nodes_.size());
        for (uint32_t x = nodes_[a].fence ? 0 : a; x < n; ++x) {
            if (x == a || (nodes_[a].fence && happens_before(a, x))) {
                for (uint32_t y = nodes_[b].fence ? 0 : b; y < n; ++y) {
                    if ((y == b || (nodes_[b].fence && happens_before(y, b))) && scb(x, y)) {
                        return true;
                    }
                    if (!nodes_[b].fence) {
                        break;
                    }
                }
            }
            if (!nodes_[a].fence) {
                break;
            }
        }
        return false;
    }
    [[nodiscard]] bool between_fences(uint32_t a, uint32_t b) const {
        if (happens_before(a, b)) {
            return true;
        }
        const auto n = static_cast<uint32_t>(nodes_.size());
        for (uint32_t x = 0; x < n; ++x) {
            if (!happens_before(a, x)) {
                continue;
            }
            for (uint32_t y = 0; y < n; ++y) {
                if (communicates(x, y) && happens_before(y, b)) {
                    return true;
                }
            }
        }
        return false;
    }
    [[nodiscard]] bool before(uint32_t a, uint32_t b) const {
        return base(a, b) || (nodes_[a].fence && nodes_[b].fence && between_fences(a, b));
    }

    // Depth first; an edge back to what is being visited closes a cycle. An edge to itself does, too.
    bool comes_back(size_t i) {
        state_[i] = 1;
        for (size_t k = 0; k < seq_cst_.size(); ++k) {
            if (state_[k] == 2 || !before(seq_cst_[i], seq_cst_[k])) {
                continue;
            }
            if (state_[k] == 1 || comes_back(k)) {
                return true;
            }
        }
        state_[i] = 2;
        return false;
    }

    std::vector<node> nodes_;
    std::vector<uint32_t> behind_;
    std::vector<uint32_t> before_;
    std::vector<uint32_t> seq_cst_;
    std::vector<uint8_t> state_;
};

}  // namespace

bool rc11_admits(const execution_graph& of, const proposed_access& a, const vector_clock& known) {
    if (!of.any_seq_cst()) {
        return true;  // one alone is in no cycle
    }
    if (of.all_seq_cst() && a.order == 5) {
        return sc_admits(of, a);
    }
    return !partial_order_of_seq_cst(of, a, known).has_cycle();
}

bool admits(const execution_graph& of, const proposed_access& a, const vector_clock& known) {
    switch (chosen_memory) {
        case memory_model::sc:
            return sc_admits(of, a);
        case memory_model::tso:
            return tso_admits(of, a);
        case memory_model::c11:
            return rc11_admits(of, a, known);
        default:
            return false;
    }
}

}  // namespace sim
