#include "model/netinet/arp_hold.h"

#include "model/kern/invariant.h"
#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/stack.h"

namespace model::netinet {

using namespace net;

void arp_hold_push(stack& st, llinfo_arp& la, mbuf* m) {
    arp_state& arp = *st.arp;
    if (arp.hold_total >= la_hold_total_max) {
        arp_hold_purge(st, la, "arphold");
        m_drop(st, m, "arphold");
        return;
    }
    if (la.la_hold.length >= la_hold_queue_max) {
        m_drop(st, ml_dequeue(la.la_hold), "arphold");
        --arp.hold_total;
    }
    // The fate is told while the packet is still ours.
    fate_set(st, *m, fate::held, "");
    ml_enqueue(la.la_hold, m);
    ++arp.hold_total;
}

mbuf_list arp_hold_take(stack& st, llinfo_arp& la) {
    const mbuf_list held = la.la_hold;
    la.la_hold = {};
    st.arp->hold_total -= held.length;
    return held;
}

void arp_hold_purge(stack& st, llinfo_arp& la, const char* reason) {
    mbuf_list held = arp_hold_take(st, la);
    while (mbuf* m = ml_dequeue(held)) {
        m_drop(st, m, reason);
    }
}

void arp_hold_send(stack& st, ifnet* ifp, rtentry& rt, mbuf_list& held) {
    while (mbuf* m = ml_dequeue(held)) {
        if (ifp == nullptr) {
            m_drop(st, m, "noroute");
        } else {
            if_output(st, *ifp, m, rt.rt_dest, &rt);
        }
    }
}

void arp_store(llinfo_arp& la, ether_addr lladdr, int64_t expire) {
    la.la_lladdr.store(lladdr, std::memory_order_relaxed);
    if ((la.la_rt->rt_flags.load(std::memory_order_relaxed) & RTF_REJECT) != 0) {
        la.la_rt->rt_flags.fetch_and(~RTF_REJECT, std::memory_order_release);
    }
    la.la_asked = 0;
    la.la_refreshed = 0;
    // Last: a packet reads it first, without the mutex, and must not find an address that has
    // expired under an expiry that is not its own.
    la.la_rt->rt_expire.store(expire, std::memory_order_release);
}

void arp_invalidate_entry(stack& st, llinfo_arp& la, int64_t now) {
    // Expired, so that the next packet asks; a static entry would wait for ever.
    arp_store(la, 0, now);
    arp_hold_purge(st, la, "arpinvalid");
}

namespace {

unsigned numbered(const mbuf_list& list) {
    unsigned count = 0;
    for (const mbuf* m = list.head; m != nullptr; m = m->next) {
        count += m->packet != 0 ? 1 : 0;
    }
    return count;
}

}  // namespace

int arp_hold_counted(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    unsigned total = 0;
    for (const llinfo_arp* la = st.arp->list; la != nullptr; la = la->la_next) {
        const mbuf_list& hold = la->la_hold;
        unsigned length = 0;
        for (const mbuf* m = hold.head; m != nullptr; m = m->next) {
            ++length;
        }
        if (length != hold.length || length > la_hold_queue_max) {
            return kern::broken("a hold queue counts %u of at most %u packets and has %u",
                                hold.length, la_hold_queue_max, length);
        }
        total += length;
    }
    if (total != st.arp->hold_total || total > la_hold_total_max) {
        return kern::broken("%u of at most %u packets are counted, and the hold queues have %u",
                            st.arp->hold_total, la_hold_total_max, total);
    }
    return 1;
}

int arp_hold_told(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    unsigned held = 0;
    for (const llinfo_arp* la = st.arp->list; la != nullptr; la = la->la_next) {
        held += numbered(la->la_hold);
    }
    unsigned told = 0;
    for (const packet_fate& f : st.fates) {
        told += f.kind == fate::held && f.what[0] == '\0' ? 1 : 0;  // fragments wait elsewhere
    }
    return held == told ? 1 : kern::broken("%u packets are told to be held, %u are", told, held);
}

}  // namespace model::netinet
