#include "model/pf/pf_track.h"

#include "model/kern/clock.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

// ---- finding ------------------------------------------------------------------------------------

namespace {

bool is_opposite(const pf_key_cmp& a, const pf_key_cmp& b) {
    return a.proto == b.proto && a.rdomain == b.rdomain && a.addr[0] == b.addr[1] &&
           a.addr[1] == b.addr[0] && a.port[0] == b.port[1] && a.port[1] == b.port[0];
}

// The key that the packet leads to without a lookup: that of its way in, or of the socket that sent it. Keys that have
// been removed are forgotten on the way. pf_state_lock is held: a key that is valid now stays in the tree.
pf_state_key* shortcut_or_null(stack& st, mbuf& m) {
    if (m.pf.statekey != nullptr) {
        if (!pf_state_key_isvalid(m.pf.statekey)) {
            pf_mbuf_unlink_state_key(st, m);
            return nullptr;
        }
        pf_state_key* sk = m.pf.statekey->sk_reverse.load(std::memory_order_acquire);
        return pf_state_key_isvalid(sk) ? sk : nullptr;
    }
    netinet::inpcb* inp = m.pf.inp;
    if (inp == nullptr || inp->inp_pf_sk.load(std::memory_order_relaxed) == nullptr) {
        return nullptr;
    }
    kern::mtx_enter(st.pf->inp_mtx);
    pf_state_key* sk = inp->inp_pf_sk.load(std::memory_order_relaxed);
    const bool valid = pf_state_key_isvalid(sk);
    kern::mtx_leave(st.pf->inp_mtx);
    if (sk != nullptr && !valid) {
        pf_inp_unlink(st, inp);
    }
    return valid ? sk : nullptr;
}

// So that the next packet on its way out needs no lookup.
void remember(stack& st, mbuf& m, pf_state_key* sk) {
    if (m.pf.statekey != nullptr) {
        if (is_opposite(m.pf.statekey->cmp, sk->cmp)) {
            pf_state_key_link_reverse(st, sk, m.pf.statekey);
        }
    } else if (m.pf.inp != nullptr) {
        pf_state_key_link_inpcb(st, sk, m.pf.inp);
    }
}

pf_state_key* key_or_null(stack& st, const pf_pdesc& pd, const pf_key_cmp& cmp) {
    if (pd.dir == pf_dir::out) {
        pf_state_key* sk = shortcut_or_null(st, *pd.m);
        if (sk != nullptr && sk->cmp == cmp) {
            return sk;
        }
    }
    const auto at = st.pf->keys.find(cmp);
    if (at == st.pf->keys.end()) {
        return nullptr;
    }
    if (pd.dir == pf_dir::out) {
        remember(st, *pd.m, at->second);
    }
    return at->second;
}

// Of the states of that key the one for this direction and interface.
pf_state* state_or_null(const pf_softc& pf, const pf_pdesc& pd, const pf_state_key& sk) {
    const unsigned slot = pd.dir == pf_dir::in ? pf_sk_wire : pf_sk_stack;
    for (const pf_state_item* si = sk.sk_states; si != nullptr; si = si->next) {
        pf_state* s = si->st;
        if (s->timeout.load(std::memory_order_relaxed) != pftm_purge && s->key[slot] == &sk &&
            (s->kif == pf.kif_all || s->kif == pd.kif)) {
            return s;
        }
    }
    return nullptr;
}

}  // namespace

pf_found pf_find_state(stack& st, pf_pdesc& pd, const pf_key_cmp& key, pf_state** state) {
    counter_inc(st, counter::pf_searches);
    kern::rw_enter_read(st.pf->state_lock);
    const pf_state_key* sk = key_or_null(st, pd, key);
    pf_state* s = sk == nullptr ? nullptr : state_or_null(*st.pf, pd, *sk);
    if (s != nullptr) {
        pf_state_ref(s);
    }
    kern::rw_exit(st.pf->state_lock);
    *state = s;
    if (s == nullptr) {
        return pf_found::none;
    }
    if (pd.dir == pf_dir::out) {
        pf_pkt_addr_changed(st, *pd.m);  // it has led here
    }
    return s->inp_unlinked.load(std::memory_order_relaxed) ? pf_found::drop : pf_found::pass;
}

// ---- what the packet does to it -----------------------------------------------------------------

namespace {

struct peers {
    std::atomic<uint8_t>& src;  // of who sent the packet
    std::atomic<uint8_t>& dst;
};

uint8_t of(const std::atomic<uint8_t>& peer) {
    return peer.load(std::memory_order_relaxed);
}
void set(std::atomic<uint8_t>& peer, uint8_t state) {
    peer.store(state, std::memory_order_relaxed);
}

pf_timeout tcp_timeout(uint8_t src, uint8_t dst) {
    if (src >= tcps_fin_wait_2 && dst >= tcps_fin_wait_2) {
        return pftm_tcp_closed;
    }
    if (src >= tcps_closing && dst >= tcps_closing) {
        return pftm_tcp_finwait;
    }
    if (src < tcps_established || dst < tcps_established) {
        return pftm_tcp_opening;
    }
    return src >= tcps_closing || dst >= tcps_closing ? pftm_tcp_closing : pftm_tcp_established;
}

pf_timeout track_tcp(const peers& p, uint8_t flags) {
    if ((flags & th_syn) != 0 && of(p.src) < tcps_syn_sent) {
        set(p.src, tcps_syn_sent);
    }
    if ((flags & th_fin) != 0 && of(p.src) < tcps_closing) {
        set(p.src, tcps_closing);
    }
    if ((flags & th_ack) != 0) {
        if (of(p.dst) == tcps_syn_sent) {
            set(p.dst, tcps_established);
        } else if (of(p.dst) == tcps_closing) {
            set(p.dst, tcps_fin_wait_2);
        }
    }
    if ((flags & th_rst) != 0) {
        set(p.src, tcps_time_wait);
        set(p.dst, tcps_time_wait);
    }
    return tcp_timeout(of(p.src), of(p.dst));
}

pf_timeout track_other(const peers& p, pf_timeout single, pf_timeout multiple) {
    if (of(p.src) < pfudps_single) {
        set(p.src, pfudps_single);
    }
    if (of(p.dst) == pfudps_single) {
        set(p.dst, pfudps_multiple);
    }
    return of(p.src) == pfudps_multiple && of(p.dst) == pfudps_multiple ? multiple : single;
}

// True: a new connection begins on the ports of one that is over; the old state does not count any more.
bool is_reopened(const pf_pdesc& pd, const peers& p) {
    return (pd.tcp_flags & (th_syn | th_ack)) == th_syn && of(p.src) >= tcps_fin_wait_2 &&
           of(p.dst) >= tcps_fin_wait_2;
}

pf_timeout track(const pf_pdesc& pd, const peers& p) {
    switch (pd.proto) {
        case netinet::ipproto_tcp:
            return is_reopened(pd, p) ? pftm_purge : track_tcp(p, pd.tcp_flags);
        case netinet::ipproto_udp:
            return track_other(p, pftm_udp_single, pftm_udp_multiple);
        case netinet::ipproto_icmp:
            return pftm_icmp_error;
        default:
            return track_other(p, pftm_other_single, pftm_other_multiple);
    }
}

// Both directions of a connection may be here at once: what a packet reads and writes of the state is one section.
bool update_state(stack& st, const pf_pdesc& pd, pf_state& s) {
    kern::mtx_enter(s.mtx);
    const peers p = pd.dir == s.direction ? peers{s.src, s.dst} : peers{s.dst, s.src};
    const pf_timeout timeout = track(pd, p);
    if (s.timeout.load(std::memory_order_relaxed) < pftm_max) {
        s.timeout.store(timeout, std::memory_order_relaxed);
    }
    s.expire.store(kern::getuptime(st.clock), std::memory_order_relaxed);
    kern::mtx_leave(s.mtx);
    return timeout != pftm_purge;
}

// What the packet is to be when it leaves pf: on its way in that is the stack's key, on its way out that of the wire.
const pf_key_cmp& key_behind(const pf_pdesc& pd, const pf_state& s) {
    return s.key[pd.dir == pf_dir::in ? pf_sk_stack : pf_sk_wire]->cmp;
}

}  // namespace

pf_found pf_test_state(stack& st, pf_pdesc& pd, pf_state** state) {
    const pf_found found = pf_find_state(st, pd, pd.key(pd.at), state);
    if (found != pf_found::pass) {
        return found;
    }
    if (!update_state(st, pd, **state)) {
        pf_state_unref(st, *state);
        *state = nullptr;
        return pf_found::none;
    }
    pd.want = pd.of_key(key_behind(pd, **state));
    return pf_found::pass;
}

pf_found pf_test_state_icmp(stack& st, pf_pdesc& pd, pf_state** state) {
    pf_quoted quoted;
    if (!pf_read_quoted(pd, quoted)) {
        return pf_found::none;
    }
    // The quoted packet went the other way: its destination is where the error would come from.
    const pf_endpoints turned = {quoted.at.dst, quoted.at.src, quoted.at.dport, quoted.at.sport,
                                 pd.at.rdomain};
    pf_pdesc about = pd;
    about.proto = quoted.proto;
    const pf_found found = pf_find_state(st, about, about.key(turned), state);
    if (found != pf_found::pass) {
        return found;
    }
    const pf_endpoints want = about.of_key(key_behind(pd, **state));
    // An error that a router in between has sent keeps its source; one of the destination has the destination's.
    const uint32_t src = pd.at.src == turned.src ? want.src : pd.at.src;
    pf_translate_quoted(pd, quoted, {want.dst, want.src, want.dport, want.sport}, src, want.dst);
    pd.want.rdomain = want.rdomain;
    return pf_found::pass;
}

void pf_init_peers(pf_state& s, const pf_pdesc& pd) {
    pf_timeout timeout = pftm_other_first;
    switch (pd.proto) {
        case netinet::ipproto_tcp:
            set(s.src, tcps_syn_sent);
            timeout = pftm_tcp_first;
            break;
        case netinet::ipproto_udp:
            set(s.src, pfudps_single);
            timeout = pftm_udp_first;
            break;
        case netinet::ipproto_icmp:
            timeout = pftm_icmp_first;
            break;
        default:
            set(s.src, pfudps_single);
            break;
    }
    s.timeout.store(timeout, std::memory_order_relaxed);
}

}  // namespace model::pf
