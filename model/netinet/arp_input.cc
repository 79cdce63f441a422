// The way in: what neighbours say about themselves, and what they ask.
#include <string>

#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/arp_hold.h"
#include "model/netinet/ether_arp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_text.h"

namespace model::netinet {

using namespace net;

namespace {

void arp_input_drop(stack& st, mbuf* m, const char* reason) {
    counter_inc(st, counter::arps_dropped);
    m_drop(st, m, reason);
}

// Whether `addr` is an address of this interface.
bool is_local_on(stack& st, const ifnet& ifp, uint32_t addr, unsigned rdomain) {
    rtentry* rt = rtalloc(st, addr, 0, rdomain);
    const bool local = rtisvalid(rt) && rt->rt_ifidx == ifp.if_index &&
                       (rt->rt_flags.load(std::memory_order_relaxed) & RTF_LOCAL) != 0;
    rtfree(rt);
    return local;
}

std::string by_on(ether_addr lladdr, const ifnet& ifp) {
    return " by " + lladdr_text(lladdr) + " on " + ifp.if_xname;
}

// "10.0.2.2 on em1" of an entry; nothing if that interface has gone.
std::string entry_on(stack& st, const rtentry& rt) {
    ifnet* ifp = rt_getif(st, rt);
    std::string text;
    if (ifp != nullptr) {
        text = address_text(rt.rt_dest) + " on " + ifp->if_xname;
    }
    if_put(ifp);
    return text;
}

enum class verdict { store, overwrite, keep_permanent, keep_other_interface, not_connected };

// Under the arp mutex: whether an entry may become `lladdr`.
verdict judge(const ifnet& ifp, ether_addr lladdr, const rtentry& rt, const llinfo_arp& la) {
    const ether_addr known = la.la_lladdr.load(std::memory_order_relaxed);
    const bool elsewhere = rt.rt_ifidx != ifp.if_index;
    if (known == 0) {
        return elsewhere ? verdict::not_connected : verdict::store;
    }
    if (known == lladdr) {
        return verdict::store;
    }
    const uint32_t flags = rt.rt_flags.load(std::memory_order_relaxed);
    if ((flags & (RTF_PERMANENT_ARP | RTF_LOCAL)) != 0) {
        return verdict::keep_permanent;
    }
    return elsewhere ? verdict::keep_other_interface : verdict::overwrite;
}

// Under the arp mutex: whether somebody asked, or knew another address.
bool is_news(const llinfo_arp& la, ether_addr lladdr) {
    return la.la_asked != 0 || la.la_refreshed != 0 ||
           la.la_lladdr.load(std::memory_order_relaxed) != lladdr;
}

void log_verdict(stack& st, verdict v, const ifnet& ifp, ether_addr lladdr, const rtentry& rt) {
    const std::string who = by_on(lladdr, ifp);
    if (v == verdict::overwrite) {
        kern::log(st.log, "arp info overwritten for " + address_text(rt.rt_dest) + who);
    } else if (v == verdict::keep_permanent) {
        kern::log(st.log, "arp: attempt to overwrite permanent entry for " +
                              address_text(rt.rt_dest) + who);
    } else if (v != verdict::store) {
        const std::string entry = entry_on(st, rt);
        const char* what = v == verdict::not_connected ? "add" : "overwrite";
        if (!entry.empty()) {
            kern::log(st.log, std::string("arp: attempt to ") + what + " entry for " + entry + who);
        }
    }
}

}  // namespace

bool arpcache(stack& st, ifnet& ifp, ether_addr lladdr, rtentry& rt) {
    llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_acquire);
    if (la == nullptr) {
        return true;
    }
    kern::mtx_enter(st.arp->mtx);
    if (!la->la_linked) {
        // Deleted since it was looked up: nothing to enter, but the message may go on.
        kern::mtx_leave(st.arp->mtx);
        return true;
    }
    const verdict v = judge(ifp, lladdr, rt, *la);
    mbuf_list held;
    if (v == verdict::store || v == verdict::overwrite) {
        const int64_t expire = rt.rt_expire.load(std::memory_order_relaxed);
        const bool stays_static = expire == 0 && v == verdict::store;
        if (st.rtsock.list != nullptr && is_news(*la, lladdr)) {
            rtm_resolved_locked(st, rt, lladdr);
        }
        arp_store(*la, lladdr, stays_static ? 0 : kern::getuptime(st.clock) + arpt_keep);
        held = arp_hold_take(st, *la);
    }
    kern::mtx_leave(st.arp->mtx);
    log_verdict(st, v, ifp, lladdr, rt);
    // From the store on nobody queues here any more (see hold), so the queue stays empty. What was
    // held leaves by the entry's interface, wherever the known address was confirmed.
    if (held.head != nullptr) {
        ifnet* out = rt_getif(st, rt);
        arp_hold_send(st, out, rt, held);
        if_put(out);
    }
    return v == verdict::store || v == verdict::overwrite;
}

namespace {

// The answer to a request for `itaddr`, if it is ours to give.
void answer(stack& st, ifnet& ifp, const ether_arp& ea, uint32_t itaddr, bool target,
            unsigned rdomain) {
    if (target) {
        arpreply(st, ifp, itaddr, if_lladdr(ifp), ea.spa, ea.sha);
        return;
    }
    rtentry* rt = arplookup_proxy(st, itaddr, rdomain);
    if (rt != nullptr && rt->rt_ifidx == ifp.if_index && arp_lladdr(*rt) != 0) {
        arpreply(st, ifp, itaddr, arp_lladdr(*rt), ea.spa, ea.sha);
    }
    rtfree(rt);
}

// Enters what the sender says about itself. False: the message is to be dropped.
bool learn(stack& st, ifnet& ifp, const ether_arp& ea, bool target, uint32_t* itaddr,
           unsigned rdomain) {
    // Only who talks to us gets an entry; the others are brought up to date.
    rtentry* rt = arplookup(st, ea.spa, target, rdomain);
    bool go_on = true;
    if (rt != nullptr) {
        const bool ours = rt->rt_ifidx == ifp.if_index && ea.spa != inaddr_any &&
                          (rt->rt_flags.load(std::memory_order_relaxed) & RTF_LOCAL) != 0;
        if (ours) {
            kern::log(st.log, "duplicate IP address " + address_text(ea.spa) +
                                  " sent from ethernet address " + lladdr_text(ea.sha));
            *itaddr = ea.spa;  // the answer defends our address (RFC 5227 2.4)
        } else {
            go_on = arpcache(st, ifp, ea.sha, *rt);
        }
    }
    rtfree(rt);
    return go_on;
}

void in_arpinput(stack& st, ifnet& ifp, mbuf* m, const ether_arp& ea) {
    if (ea.op != arpop_request && ea.op != arpop_reply) {
        arp_input_drop(st, m, "arpop");
        return;
    }
    if (ea.sha == ether_broadcast) {
        kern::log(st.log,
                  "arp: ether address is broadcast for IP address " + address_text(ea.spa) + "!");
        arp_input_drop(st, m, "arpbroadcast");
        return;
    }
    if (ea.sha == if_lladdr(ifp)) {
        arp_input_drop(st, m, "arpown");
        return;
    }
    const unsigned rdomain = rtable_l2(st, m->ph_rtableid);
    const bool target = is_local_on(st, ifp, ea.tpa, rdomain);
    uint32_t itaddr = ea.tpa;
    if (!learn(st, ifp, ea, target, &itaddr, rdomain)) {
        arp_input_drop(st, m, "arpoverwrite");
        return;
    }
    if (ea.op == arpop_request) {
        answer(st, ifp, ea, itaddr, target, rdomain);
    }
    fate_set(st, *m, fate::delivered, "arp");
    m_freem(st, m);
}

}  // namespace

void arpinput(stack& st, ifnet& ifp, mbuf* m) {
    counter_inc(st, counter::arps_received);
    if (m->len < ether_arp_size) {
        arp_input_drop(st, m, "tooshort");
        return;
    }
    const ether_arp_view view({m->data, m->len});
    if (!view.is_sane()) {
        arp_input_drop(st, m, "arpbad");
        return;
    }
    in_arpinput(st, ifp, m, view.read());
}

}  // namespace model::netinet
