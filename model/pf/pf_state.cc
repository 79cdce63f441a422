#include "model/pf/pf_state.h"

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_ruleset.h"

namespace model::pf {

using namespace net;

pf_state* pf_state_make(stack& st) {
    return kern::pool_get<pf_state>(st.pf->state_pool);
}

pf_state* pf_state_ref(pf_state* s) {
    kern::refcnt_take(s->refcnt);
    return s;
}

void pf_state_unref(stack& st, pf_state* s) {
    if (s == nullptr || !kern::refcnt_rele(s->refcnt)) {
        return;
    }
    pf_state_key_unref(st, s->key[pf_sk_wire]);
    pf_state_key_unref(st, s->key[pf_sk_stack]);
    pf_rule_unref(st, s->rule);
    pf_rule_unref(st, s->anchor);
    for (pf_rule* r : s->match_rules) {
        pf_rule_unref(st, r);
    }
    kern::pool_put(st.pf->state_pool, s);
}

void pf_update_state_timeout(pf_state& s, pf_timeout to) {
    kern::mtx_enter(s.mtx);
    if (s.timeout.load(std::memory_order_relaxed) < pftm_max) {
        s.timeout.store(to, std::memory_order_relaxed);
    }
    kern::mtx_leave(s.mtx);
}

// ---- into the trees -----------------------------------------------------------------------------

namespace {

// Both ends are so far that a new connection may have the same ports.
bool may_be_replaced(const pf_state& s) {
    return s.key[pf_sk_wire]->cmp.proto == netinet::ipproto_tcp &&
           s.src.load(std::memory_order_relaxed) >= tcps_fin_wait_2 &&
           s.dst.load(std::memory_order_relaxed) >= tcps_fin_wait_2;
}

// The state of this key that the new one would collide with; null if none.
pf_state* rival_or_null(const pf_state_key& sk, const pf_state& s) {
    for (const pf_state_item* si = sk.sk_states; si != nullptr; si = si->next) {
        if (si->st->kif == s.kif && si->st->direction == s.direction) {
            return si->st;
        }
    }
    return nullptr;
}

// States that are bound to an interface are found before those that are not.
void add_item(const pf_softc& pf, pf_state_key& sk, pf_state* s) {
    pf_state_item** link = &sk.sk_states;
    while (s->kif == pf.kif_all && *link != nullptr) {
        link = &(*link)->next;
    }
    *link = new pf_state_item{s, *link};
}

bool remove_item(pf_state_key& sk, const pf_state* s) {
    for (pf_state_item** link = &sk.sk_states; *link != nullptr; link = &(*link)->next) {
        if ((*link)->st == s) {
            pf_state_item* item = *link;
            *link = item->next;
            delete item;
            return true;
        }
    }
    return false;
}

// Consumes the caller's reference to `sk`, which may be replaced by an equal key that is in the tree. Null: the state
// collides with another one. pf_state_lock is held exclusively.
pf_state_key* pf_state_key_attach(stack& st, pf_state_key* sk, pf_state* s, unsigned slot) {
    pf_softc& pf = *st.pf;
    pf_state* old = nullptr;
    const auto [at, is_new] = pf.keys.try_emplace(sk->cmp, sk);
    if (is_new) {
        pf_state_key_ref(st, sk);  // the tree's
    } else {
        pf_state_key* there = pf_state_key_ref(st, at->second);
        pf_state_key_unref(st, sk);
        sk = there;
        old = rival_or_null(*sk, *s);
        if (old != nullptr && !may_be_replaced(*old)) {
            pf_state_key_unref(st, sk);
            return nullptr;
        }
    }
    s->key[slot] = sk;
    add_item(pf, *sk, s);
    if (old != nullptr) {
        // Only now: with its last state the key would have left the tree.
        pf_remove_state_locked(st, old);
    }
    return sk;
}

// The state leaves this key. With its last state the key leaves the tree, and everybody who still has it can see that;
// links between it and other things end here, and no new ones are made. pf_state_lock is held exclusively.
void pf_state_key_detach(stack& st, pf_state* s, pf_state_key* sk) {
    kern::kassert(remove_item(*sk, s), "pf_state_key_detach: the state has another key");
    if (sk->sk_states != nullptr) {
        return;
    }
    st.pf->keys.erase(sk->cmp);
    sk->sk_removed.store(true, std::memory_order_release);
    pf_state_key_unlink_reverse(st, sk);
    pf_state_key_unlink_inpcb(st, sk);
    pf_state_key_unref(st, sk);
}

void list_insert(pf_softc& pf, pf_state* s) {
    kern::mtx_enter(pf.list_mtx);
    s->list_prev = pf.list_tail;
    (pf.list_tail == nullptr ? pf.list_head : pf.list_tail->list_next) = s;
    pf.list_tail = s;
    s->on_list = true;
    kern::mtx_leave(pf.list_mtx);
}

bool insert_locked(stack& st, pf_state* s, pf_state_key* wire, pf_state_key* stack_key) {
    pf_softc& pf = *st.pf;
    const bool one_key = wire == stack_key;
    wire = pf_state_key_attach(st, wire, s, pf_sk_wire);
    if (wire == nullptr) {
        pf_state_key_unref(st, stack_key);
        return false;
    }
    if (one_key) {
        pf_state_key_unref(st, stack_key);
        s->key[pf_sk_stack] = pf_state_key_ref(st, wire);
    } else if (pf_state_key_attach(st, stack_key, s, pf_sk_stack) == nullptr) {
        pf_state_key_detach(st, s, wire);
        return false;
    }
    s->id = pf.next_id++;
    pf.states.emplace(s->id, s);
    ++s->kif->refs;
    list_insert(pf, s);
    return true;
}

}  // namespace

bool pf_state_insert(stack& st, pf_state* s, pf_state_key* wire, pf_state_key* stack_key) {
    heddle_name(s, ("state of " + std::to_string(wire->cmp.port[0]) + " " +
                    std::to_string(wire->cmp.port[1]))
                       .c_str());
    kern::rw_enter_write(st.pf->state_lock);
    const bool inserted = insert_locked(st, s, wire, stack_key);
    kern::rw_exit(st.pf->state_lock);
    if (inserted) {
        counter_inc(st, counter::pf_inserts);
    }
    return inserted;
}

// ---- and out again ------------------------------------------------------------------------------

void pf_remove_state_locked(stack& st, pf_state* s) {
    kern::mtx_enter(s->mtx);
    const bool first = !s->unlinked.load(std::memory_order_relaxed);
    s->unlinked.store(true, std::memory_order_relaxed);
    s->timeout.store(pftm_purge, std::memory_order_relaxed);
    kern::mtx_leave(s->mtx);
    if (!first) {
        return;
    }
    heddle_state(s, "LINKED -> UNLINKED");
    counter_inc(st, counter::pf_removals);
    st.pf->states.erase(s->id);
    pf_state_key* wire = s->key[pf_sk_wire];
    pf_state_key* stack_key = s->key[pf_sk_stack];
    pf_state_key_detach(st, s, wire);
    if (stack_key != wire) {
        pf_state_key_detach(st, s, stack_key);
    }
}

void pf_free_state_locked(stack& st, pf_state* s) {
    pf_softc& pf = *st.pf;
    kern::kassert(s->unlinked.load(std::memory_order_relaxed), "pf_free_state: still in the trees");
    if (!s->on_list) {
        return;  // another purge was faster
    }
    kern::mtx_enter(pf.list_mtx);
    s->on_list = false;
    (s->list_prev == nullptr ? pf.list_head : s->list_prev->list_next) = s->list_next;
    (s->list_next == nullptr ? pf.list_tail : s->list_next->list_prev) = s->list_prev;
    kern::mtx_leave(pf.list_mtx);
    pfi_kif_unref_locked(pf, s->kif);
    pf_state_unref(st, s);
}

// ---- looking ------------------------------------------------------------------------------------

bool pf_find_state_all_locked(const pf_softc& pf, const pf_key_cmp& cmp, pf_dir dir) {
    const auto at = pf.keys.find(cmp);
    if (at == pf.keys.end()) {
        return false;
    }
    for (const pf_state_item* si = at->second->sk_states; si != nullptr; si = si->next) {
        if (si->st->key[dir == pf_dir::in ? pf_sk_wire : pf_sk_stack] == at->second) {
            return true;
        }
    }
    return false;
}

std::vector<pf_state*> pf_states_of_now(stack& st) {
    pf_softc& pf = *st.pf;
    std::vector<pf_state*> states;
    kern::rw_enter_read(pf.pfs_rwl);
    kern::mtx_enter(pf.list_mtx);
    pf_state* s = pf.list_head;
    pf_state* const tail = pf.list_tail;
    kern::mtx_leave(pf.list_mtx);
    while (s != nullptr) {
        states.push_back(pf_state_ref(s));
        // The link of the tail may be written right now: it is not looked at.
        s = s == tail ? nullptr : s->list_next;
    }
    kern::rw_exit(pf.pfs_rwl);
    return states;
}

void pf_states_unref(stack& st, const std::vector<pf_state*>& states) {
    for (pf_state* s : states) {
        pf_state_unref(st, s);
    }
}

}  // namespace model::pf
