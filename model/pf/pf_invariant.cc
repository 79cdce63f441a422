#include "model/pf/pf_invariant.h"

#include <algorithm>

#include "model/kern/invariant.h"
#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

int pf_inp_symmetric(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    for (const pf_state_key* sk : pf.inp_keys) {
        const netinet::inpcb* inp = sk->sk_inp.load(std::memory_order_relaxed);
        if (inp == nullptr || inp->inp_pf_sk.load(std::memory_order_relaxed) != sk) {
            return kern::broken("the key of port %u has %s", sk->cmp.port[1],
                                inp == nullptr ? "lost its pcb" : "a pcb that has another key");
        }
    }
    for (const netinet::inpcb* inp : pf.inp_pcbs) {
        const pf_state_key* sk = inp->inp_pf_sk.load(std::memory_order_relaxed);
        if (sk == nullptr || sk->sk_inp.load(std::memory_order_relaxed) != inp) {
            return kern::broken("pcb %s has %s", inp->inp_name,
                                sk == nullptr ? "lost its key" : "a key that has another pcb");
        }
    }
    return 1;
}

// ---- trees of keys and states -------------------------------------------------------------------

namespace {

bool has_item(const pf_state_key& sk, const pf_state* s) {
    const pf_state_item* si = sk.sk_states;
    while (si != nullptr && si->st != s) {
        si = si->next;
    }
    return si != nullptr;
}

bool has_key(const pf_state& s, const pf_state_key* sk) {
    return s.key[pf_sk_wire] == sk || s.key[pf_sk_stack] == sk;
}

bool is_in_tree(const pf_softc& pf, const pf_state_key* sk) {
    const auto at = pf.keys.find(sk->cmp);
    return at != pf.keys.end() && at->second == sk;
}

}  // namespace

int pf_trees_sound(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    for (const auto& [cmp, sk] : pf.keys) {
        if (sk->sk_states == nullptr || sk->sk_removed.load(std::memory_order_relaxed)) {
            return kern::broken("the key of ports %u and %u is in the tree, and %s", cmp.port[0],
                                cmp.port[1],
                                sk->sk_states == nullptr ? "has no states" : "removed");
        }
        for (const pf_state_item* si = sk->sk_states; si != nullptr; si = si->next) {
            if (!has_key(*si->st, sk) || pf.states.count(si->st->id) == 0) {
                return kern::broken("the key of ports %u and %u has a state that has %s",
                                    cmp.port[0], cmp.port[1],
                                    has_key(*si->st, sk) ? "been removed" : "other keys");
            }
        }
    }
    for (const auto& [id, s] : pf.states) {
        for (const pf_state_key* sk : s->key) {
            if (!is_in_tree(pf, sk) || !has_item(*sk, s)) {
                return kern::broken("a state has the key of ports %u and %u, which %s",
                                    sk->cmp.port[0], sk->cmp.port[1],
                                    has_item(*sk, s) ? "is not in the tree" : "does not have it");
            }
        }
    }
    return 1;
}

// ---- rules --------------------------------------------------------------------------------------

namespace {

template <typename Body>
void for_each_list(const pf_softc& pf, const Body& body) {
    body(pf.rules.active);
    body(pf.rules.inactive);
    for (const auto& [name, anchor] : pf.anchors) {
        body(anchor->rules.active);
        body(anchor->rules.inactive);
    }
}

unsigned rules_that_lead_to(const pf_softc& pf, const pf_anchor* anchor) {
    unsigned count = 0;
    for_each_list(pf, [&](const std::vector<pf_rule*>& rules) {
        for (const pf_rule* r : rules) {
            count += r->anchor == anchor ? 1 : 0;
        }
    });
    return count;
}

bool knows(const pf_softc& pf, const pf_rule& r) {
    const auto at = pf.kifs.find(r.spec.ifname);
    const pfi_kif* kif = at == pf.kifs.end() ? nullptr : at->second;
    return r.spec.ifname.empty() ? r.kif == nullptr : r.kif != nullptr && r.kif == kif;
}

}  // namespace

int pf_rulesets_sound(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    const pf_rule* strange = nullptr;
    for_each_list(pf, [&](const std::vector<pf_rule*>& rules) {
        for (const pf_rule* r : rules) {
            strange = knows(pf, *r) ? strange : r;
        }
    });
    if (strange != nullptr) {
        return kern::broken("rule %u leads to an interface that pf does not know: %s", strange->nr,
                            strange->spec.ifname.c_str());
    }
    for (const auto& [name, anchor] : pf.anchors) {
        const unsigned lead = rules_that_lead_to(pf, anchor.get());
        if (anchor->refs != lead) {
            return kern::broken("anchor %s counts %u rules, and %u lead there", name.c_str(),
                                anchor->refs, lead);
        }
    }
    return 1;
}

// ---- references, when nobody runs ---------------------------------------------------------------

namespace {

// How many references to each object there should be; in the order in which they were met.
template <typename T>
class tally {
  public:
    unsigned& operator[](const T* object) {
        const auto at = std::find_if(counts_.begin(), counts_.end(),
                                     [&](const auto& c) { return c.first == object; });
        return at != counts_.end() ? at->second : counts_.emplace_back(object, 0).second;
    }
    [[nodiscard]] const std::vector<std::pair<const T*, unsigned>>& all() const { return counts_; }
    [[nodiscard]] int64_t sum() const {
        int64_t sum = 0;
        for (const auto& [object, count] : counts_) {
            sum += count;
        }
        return sum;
    }

  private:
    std::vector<std::pair<const T*, unsigned>> counts_;
};

template <typename Body>
void for_each_state(const pf_softc& pf, const Body& body) {
    for (const pf_state* s = pf.list_head; s != nullptr; s = s->list_next) {
        body(*s);
    }
}

}  // namespace

int pf_keys_referenced(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    tally<pf_state_key> expected;
    for (const auto& [cmp, sk] : pf.keys) {
        ++expected[sk];
    }
    for_each_state(pf, [&](const pf_state& s) {
        ++expected[s.key[pf_sk_wire]];
        ++expected[s.key[pf_sk_stack]];
    });
    for (const pf_state_key* sk : pf.inp_keys) {
        ++expected[sk];
    }
    const auto met = expected.all();
    for (const auto& [sk, count] : met) {
        const pf_state_key* reverse = sk->sk_reverse.load(std::memory_order_relaxed);
        if (reverse != nullptr) {
            ++expected[reverse];
        }
    }
    for (const auto& [sk, count] : expected.all()) {
        if (kern::refcnt_read(sk->sk_refcnt) < count) {
            return kern::broken("the key of ports %u and %u has %u references, and %u users",
                                sk->cmp.port[0], sk->cmp.port[1], kern::refcnt_read(sk->sk_refcnt),
                                count);
        }
    }
    const auto packets = kern::pool_live(pf.mbuf_keys);
    const auto all = kern::pool_live(pf.key_refs);
    if (all != expected.sum() + packets) {
        return kern::broken("%d references to keys: of %d packets, and %d others",
                            static_cast<int>(all), static_cast<int>(packets),
                            static_cast<int>(expected.sum()));
    }
    return 1;
}

int pf_rules_referenced(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    tally<pf_rule> expected;
    ++expected[pf.default_rule];
    for_each_list(pf, [&](const std::vector<pf_rule*>& rules) {
        for (const pf_rule* r : rules) {
            ++expected[r];
        }
    });
    for_each_state(pf, [&](const pf_state& s) {
        ++expected[s.rule];
        if (s.anchor != nullptr) {
            ++expected[s.anchor];
        }
        for (const pf_rule* r : s.match_rules) {
            ++expected[r];
        }
    });
    for (const auto& [r, count] : expected.all()) {
        if (kern::refcnt_read(r->refcnt) != count) {
            return kern::broken("rule %u has %u references, and %u users", r->nr,
                                kern::refcnt_read(r->refcnt), count);
        }
    }
    const auto live = kern::pool_live(pf.rule_pool);
    if (live != static_cast<int64_t>(expected.all().size())) {
        return kern::broken("%d rules, of which %d are in use", static_cast<int>(live),
                            static_cast<int>(expected.all().size()));
    }
    return 1;
}

}  // namespace model::pf
