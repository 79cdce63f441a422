#include "test/memory/axioms.h"

namespace sim::test {

namespace {

// Short names for what the definitions are made of.
struct parts {
    explicit parts(const model_graph& graph) : g(graph), n(graph.events.size()) {}

    const model_graph& g;
    size_t n;

    template <typename Predicate>
    [[nodiscard]] relation set(Predicate holds) const {
        return relation::each(n, [&](size_t a) { return holds(g.events[a]); });
    }
    template <typename Predicate>
    [[nodiscard]] relation pairs(Predicate holds) const {
        return relation::pairs(n,
                               [&](size_t a, size_t b) { return holds(g.events[a], g.events[b]); });
    }

    [[nodiscard]] relation reads() const {
        return set([](const model_event& e) { return e.reads; });
    }
    [[nodiscard]] relation writes() const {
        return set([](const model_event& e) { return e.writes; });
    }
    [[nodiscard]] relation fences() const {
        return set([](const model_event& e) { return e.location < 0; });
    }
    [[nodiscard]] relation same_location() const {
        return pairs([](const model_event& a, const model_event& b) {
            return a.location >= 0 && a.location == b.location;
        });
    }
    // From reads: from a read to the writes behind the one that it takes. An update of one event is not
    // behind itself.
    [[nodiscard]] relation fr() const {
        return (g.rf.inverse() * g.co) - relation::each(n, [](size_t) { return true; });
    }
};

// Nothing comes between an update's write and the write that it read.
bool atomic_updates(const parts& p) {
    return (p.g.rmw & (p.fr() * p.g.co)) == relation(p.n);
}

bool coherent_by_location(const parts& p) {
    return ((p.g.po & p.same_location()) | p.g.rf | p.g.co | p.fr()).acyclic();
}

// Each release write, and the updates that follow it one behind the other; fences before it and behind
// the read count for it.
relation synchronizes_with(const parts& p) {
    const relation& po = p.g.po;
    const relation& rf = p.g.rf;
    const relation release = p.set([](const model_event& e) { return releases(e.order); });
    const relation acquire = p.set([](const model_event& e) { return acquires(e.order); });
    const relation release_sequence = p.writes() * (rf * p.g.rmw).star();
    return release * (p.fences() * po).or_same() * release_sequence * rf * p.reads() *
           (po * p.fences()).or_same() * acquire;
}

// The order that must exist between sequentially consistent accesses and fences.
relation partial_sc(const parts& p, const relation& hb, const relation& eco) {
    const relation& po = p.g.po;
    const relation same = p.same_location();
    const relation sc =
        p.set([](const model_event& e) { return e.order == litmus_order::seq_cst; });
    const relation sc_fence = sc & p.fences();
    const relation po_elsewhere = po - same;
    const relation scb = po | (po_elsewhere * hb * po_elsewhere) | (hb & same) | p.g.co | p.fr();
    const relation base = (sc | (sc_fence * hb.or_same())) * scb * (sc | (hb.or_same() * sc_fence));
    const relation fences = sc_fence * (hb | (hb * eco * hb)) * sc_fence;
    return base | fences;
}

}  // namespace

bool allowed_by_sc(const model_graph& g) {
    const parts p(g);
    return (g.po | g.rf | g.co | p.fr()).acyclic() && atomic_updates(p);
}

bool allowed_by_tso(const model_graph& g) {
    const parts p(g);
    if (!coherent_by_location(p) || !atomic_updates(p)) {
        return false;
    }
    const auto buffered = [&](size_t a) { return g.events[a].writes && !g.events[a].drains; };
    const auto drained_between = [&](size_t a, size_t b) {
        for (size_t c = 0; c < p.n; ++c) {
            if (g.events[c].drains && g.po.has(a, c) && g.po.has(c, b)) {
                return true;
            }
        }
        return false;
    };
    // Accesses alone: a fence is there by what it drains.
    const relation ppo = relation::pairs(p.n, [&](size_t a, size_t b) {
        const model_event& first = g.events[a];
        const model_event& second = g.events[b];
        if (!g.po.has(a, b) || first.location < 0 || second.location < 0) {
            return false;
        }
        const bool overtakes = buffered(a) && second.reads && !second.drains;
        return !overtakes || drained_between(a, b);
    });
    const relation other_thread =
        p.pairs([](const model_event& a, const model_event& b) { return a.thread != b.thread; });
    return (ppo | (g.rf & other_thread) | g.co | p.fr()).acyclic();
}

bool allowed_by_rc11(const model_graph& g) {
    const parts p(g);
    const relation hb = (g.po | synchronizes_with(p)).plus();
    const relation eco = (g.rf | g.co | p.fr()).plus();
    const bool coherent = eco.irreflexive() && (hb * eco.or_same()).irreflexive();
    return coherent && atomic_updates(p) && partial_sc(p, hb, eco).acyclic() &&
           (g.po | g.rf).acyclic();
}

}  // namespace sim::test
