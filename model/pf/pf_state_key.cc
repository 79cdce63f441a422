#include "model/pf/pf_state_key.h"

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/netinet/in_text.h"
#include "model/pf/pfvar.h"
#include "sim/annotate.h"

namespace model::pf {

using namespace net;

namespace {

std::string key_name(const pf_key_cmp& cmp) {
    return "key " + netinet::address_text(cmp.addr[0]) + "." + std::to_string(cmp.port[0]) + " " +
           netinet::address_text(cmp.addr[1]) + "." + std::to_string(cmp.port[1]);
}

// One side of a reverse link; each side counts for itself.
void point_to(stack& st, pf_state_key* from, pf_state_key* to) {
    pf_state_key* before = nullptr;
    if (from->sk_reverse.compare_exchange_strong(before, to, std::memory_order_acq_rel)) {
        pf_state_key_ref(st, to);
    } else {
        kern::kassert(before == to, "pf_state_key_link_reverse: another one's reverse");
    }
}

void point_to_nobody(stack& st, pf_state_key* from) {
    pf_state_key_unref(st, from->sk_reverse.exchange(nullptr, std::memory_order_acq_rel));
}

}  // namespace

pf_state_key* pf_alloc_state_key(stack& st, const pf_key_cmp& cmp) {
    auto* sk = kern::pool_get<pf_state_key>(st.pf->state_key_pool, cmp);
    kern::pool_count(st.pf->key_refs, 1);
    heddle_name(sk, key_name(cmp).c_str());
    return sk;
}

pf_state_key* pf_state_key_ref(stack& st, pf_state_key* sk) {
    if (sk != nullptr) {
        kern::refcnt_take(sk->sk_refcnt);
        kern::pool_count(st.pf->key_refs, 1);
    }
    return sk;
}

void pf_state_key_unref(stack& st, pf_state_key* sk) {
    if (sk == nullptr) {
        return;
    }
    kern::pool_count(st.pf->key_refs, -1);
    if (kern::refcnt_rele(sk->sk_refcnt)) {
        kern::kassert(sk->sk_inp.load(std::memory_order_relaxed) == nullptr,
                      "pf_state_key_unref: a pcb leads here");
        kern::kassert(sk->sk_reverse.load(std::memory_order_relaxed) == nullptr,
                      "pf_state_key_unref: a reverse key leads here");
        kern::pool_put(st.pf->state_key_pool, sk);
    }
}

bool pf_state_key_isvalid(const pf_state_key* sk) {
    return sk != nullptr && !sk->sk_removed.load(std::memory_order_acquire);
}

// Both sides are written by whoever meets the pair, and cleared only by who has pf_state_lock exclusively
// while the others have it shared: between the two stores of a link nobody clears.
void pf_state_key_link_reverse(stack& st, pf_state_key* sk, pf_state_key* skrev) {
    point_to(st, sk, skrev);
    point_to(st, skrev, sk);
}

void pf_state_key_unlink_reverse(stack& st, pf_state_key* sk) {
    pf_state_key* skrev = sk->sk_reverse.load(std::memory_order_acquire);
    if (skrev == nullptr) {
        return;
    }
    // The caller's reference keeps sk, and the first of these the other one.
    pf_state_key_ref(st, skrev);
    point_to_nobody(st, skrev);
    point_to_nobody(st, sk);
    pf_state_key_unref(st, skrev);
}

}  // namespace model::pf
