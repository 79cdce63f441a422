#include "model/pf/pf_inp.h"

#include <algorithm>

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;
using netinet::inpcb;

// ---- packet and key, packet and pcb -------------------------------------------------------------

void pf_mbuf_link_state_key(stack& st, mbuf& m, pf_state_key* sk) {
    pf_mbuf_unlink_state_key(st, m);
    m.pf.statekey = pf_state_key_ref(st, sk);
    kern::pool_count(st.pf->mbuf_keys, 1);
}

void pf_mbuf_unlink_state_key(stack& st, mbuf& m) {
    pf_state_key* sk = m.pf.statekey;
    if (sk != nullptr) {
        m.pf.statekey = nullptr;
        kern::pool_count(st.pf->mbuf_keys, -1);
        pf_state_key_unref(st, sk);
    }
}

void pf_mbuf_link_inpcb(stack& st, mbuf& m, inpcb* inp) {
    pf_mbuf_unlink_inpcb(st, m);
    m.pf.inp = netinet::in_pcbref(inp);
}

void pf_mbuf_unlink_inpcb(stack& st, mbuf& m) {
    inpcb* inp = m.pf.inp;
    if (inp != nullptr) {
        m.pf.inp = nullptr;
        netinet::in_pcbunref(st, inp);
    }
}

void pf_pkt_addr_changed(stack& st, mbuf& m) {
    pf_mbuf_unlink_state_key(st, m);
    pf_mbuf_unlink_inpcb(st, m);
}

void pf_mbuf_reset(stack& st, mbuf& m) {
    pf_pkt_addr_changed(st, m);
    m.pf = pkthdr_pf{};
}

void pf_mbuf_dup(stack& st, mbuf& to, const mbuf& from) {
    kern::kassert(to.pf.statekey == nullptr && to.pf.inp == nullptr, "pf_mbuf_dup: in use");
    to.pf = from.pf;
    to.pf.statekey = nullptr;
    to.pf.inp = nullptr;
    if (from.pf.statekey != nullptr) {
        pf_mbuf_link_state_key(st, to, from.pf.statekey);
    }
    if (from.pf.inp != nullptr) {
        pf_mbuf_link_inpcb(st, to, from.pf.inp);
    }
}

// ---- key and pcb --------------------------------------------------------------------------------

namespace {

// Both stores of a link, with the references that they are. pf_inp_mtx is held.
void link_locked(stack& st, pf_state_key* sk, inpcb* inp) {
    sk->sk_inp.store(netinet::in_pcbref(inp), std::memory_order_relaxed);
    inp->inp_pf_sk.store(pf_state_key_ref(st, sk), std::memory_order_relaxed);
    st.pf->inp_keys.push_back(sk);
    st.pf->inp_pcbs.push_back(inp);
}

// Both stores that end a link; the references that it was are the caller's afterwards. pf_inp_mtx is held.
void unlink_locked(stack& st, pf_state_key* sk, inpcb* inp) {
    kern::kassert(sk->sk_inp.load(std::memory_order_relaxed) == inp &&
                      inp->inp_pf_sk.load(std::memory_order_relaxed) == sk,
                  "pf_inp: the link does not lead back");
    sk->sk_inp.store(nullptr, std::memory_order_relaxed);
    inp->inp_pf_sk.store(nullptr, std::memory_order_relaxed);
    std::erase(st.pf->inp_keys, sk);
    std::erase(st.pf->inp_pcbs, inp);
}

}  // namespace

void pf_state_key_link_inpcb(stack& st, pf_state_key* sk, inpcb* inp) {
    if (sk->sk_inp.load(std::memory_order_relaxed) != nullptr ||
        inp->inp_pf_sk.load(std::memory_order_relaxed) != nullptr) {
        return;
    }
    kern::mtx_enter(st.pf->inp_mtx);
    // Once more, where nobody else links or unlinks. A removed key is in no lookup's way and nobody would
    // ever unlink it again: if the pcb were closed too, the two would keep each other for ever.
    if (sk->sk_inp.load(std::memory_order_relaxed) == nullptr &&
        inp->inp_pf_sk.load(std::memory_order_relaxed) == nullptr && !inp->inp_pf_over &&
        pf_state_key_isvalid(sk)) {
        link_locked(st, sk, inp);
    }
    kern::mtx_leave(st.pf->inp_mtx);
}

// No peek before the mutex: who found the key valid a moment ago may be between that and its stores.
void pf_state_key_unlink_inpcb(stack& st, pf_state_key* sk) {
    kern::mtx_enter(st.pf->inp_mtx);
    inpcb* inp = sk->sk_inp.load(std::memory_order_relaxed);
    if (inp != nullptr) {
        unlink_locked(st, sk, inp);
    }
    kern::mtx_leave(st.pf->inp_mtx);
    if (inp != nullptr) {
        pf_state_key_unref(st, sk);
        netinet::in_pcbunref(st, inp);
    }
}

inpcb* pf_inp_lookup(stack& st, mbuf& m) {
    pf_state_key* sk = m.pf.statekey;
    if (!pf_state_key_isvalid(sk)) {
        pf_mbuf_unlink_state_key(st, m);
        return nullptr;
    }
    if (sk->sk_inp.load(std::memory_order_relaxed) == nullptr) {
        return nullptr;
    }
    kern::mtx_enter(st.pf->inp_mtx);
    inpcb* inp = sk->sk_inp.load(std::memory_order_relaxed);
    if (inp != nullptr) {
        netinet::in_pcbref(inp);
    }
    kern::mtx_leave(st.pf->inp_mtx);
    return inp;
}

void pf_inp_link(stack& st, mbuf& m, inpcb* inp) {
    if (pf_state_key_isvalid(m.pf.statekey)) {
        pf_state_key_link_inpcb(st, m.pf.statekey, inp);
    }
    // It has led here, and is not asked again.
    pf_mbuf_unlink_state_key(st, m);
}

void pf_inp_unlink(stack& st, inpcb* inp, pf_unlink how) {
    const bool for_good = how == pf_unlink::for_good;
    if (!for_good && inp->inp_pf_sk.load(std::memory_order_relaxed) == nullptr) {
        return;
    }
    kern::mtx_enter(st.pf->inp_mtx);
    inp->inp_pf_over = inp->inp_pf_over || for_good;
    pf_state_key* sk = inp->inp_pf_sk.load(std::memory_order_relaxed);
    if (sk != nullptr) {
        unlink_locked(st, sk, inp);
    }
    kern::mtx_leave(st.pf->inp_mtx);
    if (sk != nullptr) {
        pf_state_key_unref(st, sk);
        netinet::in_pcbunref(st, inp);
    }
}

// ---- divert -------------------------------------------------------------------------------------

int pf_ouraddr(const mbuf& m) {
    if ((m.pf.flags & PF_TAG_DIVERTED) != 0) {
        return 1;
    }
    const pf_state_key* sk = m.pf.statekey;
    return sk != nullptr && sk->sk_inp.load(std::memory_order_relaxed) != nullptr ? 1 : -1;
}

std::optional<pf_divert> pf_find_divert(const mbuf& m) {
    if ((m.pf.flags & PF_TAG_DIVERTED) == 0) {
        return std::nullopt;
    }
    return pf_divert{m.pf.divert_addr, m.pf.divert_port, m.pf.divert_reply};
}

}  // namespace model::pf
