#include "model/kern/clock.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_state.h"

namespace model::pf {

using namespace net;

namespace {

// The key of the pcb, with a reference for the caller; null if none, and then there will be none.
pf_state_key* last_key_of_pcb(stack& st, netinet::inpcb& inp) {
    kern::mtx_enter(st.pf->inp_mtx);
    inp.inp_pf_over = true;
    pf_state_key* sk = inp.inp_pf_sk.load(std::memory_order_relaxed);
    if (sk != nullptr) {
        pf_state_key_ref(st, sk);
    }
    kern::mtx_leave(st.pf->inp_mtx);
    return sk;
}

pf_state* diverted_state_or_null(const pf_state_key& sk) {
    for (const pf_state_item* si = sk.sk_states; si != nullptr; si = si->next) {
        if (si->st->key[pf_sk_stack] == &sk && pf_diverts_to_socket(si->st->rule->spec.divert)) {
            return si->st;
        }
    }
    return nullptr;
}

// The socket has gone, and its peer does not know yet: as long as it may remember the connection its translated port is
// not given to another one.
void keep_for_a_while(stack& st, pf_state& s) {
    kern::mtx_enter(s.mtx);
    const bool over = s.src.load(std::memory_order_relaxed) >= tcps_fin_wait_2 &&
                      s.dst.load(std::memory_order_relaxed) >= tcps_fin_wait_2;
    if (!over) {
        s.src.store(tcps_time_wait, std::memory_order_relaxed);
        s.dst.store(tcps_time_wait, std::memory_order_relaxed);
        if (s.timeout.load(std::memory_order_relaxed) < pftm_max) {
            s.timeout.store(pftm_tcp_closed, std::memory_order_relaxed);
        }
        s.expire.store(kern::getuptime(st.clock), std::memory_order_relaxed);
    }
    s.inp_unlinked.store(true, std::memory_order_relaxed);
    kern::mtx_leave(s.mtx);
}

}  // namespace

void pf_remove_divert_state(stack& st, netinet::inpcb* inp) {
    pf_state_key* sk = last_key_of_pcb(st, *inp);
    if (sk == nullptr) {
        return;
    }
    kern::rw_enter_write(st.pf->lock);
    kern::rw_enter_write(st.pf->state_lock);
    if (pf_state* s = diverted_state_or_null(*sk); s != nullptr) {
        const bool translated = s->key[pf_sk_wire] != s->key[pf_sk_stack];
        if (sk->cmp.proto == netinet::ipproto_tcp && translated) {
            keep_for_a_while(st, *s);
        } else {
            pf_remove_state_locked(st, s);
        }
    }
    kern::rw_exit(st.pf->state_lock);
    kern::rw_exit(st.pf->lock);
    pf_state_key_unref(st, sk);
}

}  // namespace model::pf
