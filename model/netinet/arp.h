// arp.h - neighbour cache: IPv4 next hop -> Ethernet address, with a bounded hold queue.
// Source:  RFC 826; RFC 1122 2.3.2; RFC 5227 2.4; names after OpenBSD netinet/if_ether.c.
// Shapes:  an entry is the llinfo of a host route. Times are uptime in seconds; rt_expire 0:
//          static. A hold queue has at most 10 packets, all of them together 100.
// Locks:   [I] immutable  [a] atomic  [A] arp mutex  [CA] both conf_lock and it to write, either to
//          read. An entry's memory lives as long as its route,
//          so who has the route may look at it; whether it is still in use says la_linked.
//          Packets are sent, and interface references dropped, with the mutex released.
// Errors:  int errno with the BSD meaning; EAGAIN: the packet is held and will be sent later.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/mutex.h"
#include "model/kern/timeout.h"
#include "model/net/ethernet.h"
#include "model/net/mbuf.h"

namespace model::netinet {

inline constexpr unsigned la_hold_queue_max = 10;   // LA_HOLD_QUEUE
inline constexpr unsigned la_hold_total_max = 100;  // LA_HOLD_TOTAL
inline constexpr int64_t arpt_keep = 1200;          // a resolved entry is good for
inline constexpr int64_t arpt_down = 20;            // one that does not answer is rejected for
inline constexpr int64_t arp_refresh_interval = 30;
inline constexpr unsigned arp_maxtries = 5;

struct llinfo_arp {
    net::rtentry* la_rt = nullptr;              // [I] the route it belongs to
    std::atomic<net::ether_addr> la_lladdr{0};  // [a] written under [A]; 0: not resolved
    bool la_linked = true;                      // [A] false: the route has left the table
    llinfo_arp* la_next = nullptr;              // [CA] arp_state.list
    llinfo_arp* la_prev = nullptr;              // [CA]
    net::mbuf_list la_hold;                     // [A] waiting for the answer
    int64_t la_refreshed = 0;                   // [A] when a refresh was last asked for; 0: not
    unsigned la_asked = 0;                      // [A] requests since the last answer
};

struct arp_state {
    kern::mutex mtx{kern::ipl_net};  // an interrupt that forwards looks next hops up
    llinfo_arp* list = nullptr;      // [CA]
    unsigned hold_total = 0;         // [A] packets on all hold queues
    kern::timeout timer;             // arp_timer.h
};

void arp_init(net::stack& st);     // makes st.arp, and arms its timer
void arp_destroy(net::stack& st);  // no entry may be left, and the timer is stopped

// if_rtrequest of an Ethernet; conf_lock is held. The interface is not looked at for RTM_DELETE.
void arp_rtrequest(net::stack& st, net::ifnet& ifp, int request, net::rtentry& rt);
// RTM_DELETE for a route whose interface is gone already: unlinks the entry, drops what it holds.
void arp_rtdelete(net::stack& st, net::rtentry& rt);
// Frees the entry of a route that is being freed; null is fine.
void arp_llfree(net::stack& st, llinfo_arp* la);

// Finds the address of the next hop `dst` on `ifp`, over the route rt (null: only broadcast and
// multicast packets). 0: it is in *lladdr and the packet is still the caller's. Otherwise the
// packet is consumed: EAGAIN it is held; EHOSTDOWN, EHOSTUNREACH the host does not answer; EINVAL.
[[nodiscard]] int arpresolve(net::stack& st, net::ifnet& ifp, net::mbuf* m, uint32_t dst,
                             net::rtentry* rt, net::ether_addr* lladdr);

// A received ARP message, behind its Ethernet header; consumes it. May sleep (conf_lock). The
// caller has a reference to the interface.
void arpinput(net::stack& st, net::ifnet& ifp, net::mbuf* m);

// Enters what a neighbour says about itself and sends what was held for it. The caller has a
// reference to rt. False: it may not say so, and the message is to be dropped.
[[nodiscard]] bool arpcache(net::stack& st, net::ifnet& ifp, net::ether_addr lladdr,
                            net::rtentry& rt);

// The same in the name of the administrator: no questions asked. conf_lock is held.
void arp_set_locked(net::stack& st, net::rtentry& rt, net::ether_addr lladdr, int64_t expire);
// Forgets the address and drops what is held; the entry stays. conf_lock is held.
void arp_invalidate_locked(net::stack& st, net::rtentry& rt);

// The neighbour entry for an address in a table, referenced; null if none. `create`: makes one on a connected
// network, which may sleep (conf_lock).
[[nodiscard]] net::rtentry* arplookup(net::stack& st, uint32_t addr, bool create, unsigned tableid);
// The published entry for an address, referenced; null if none.
[[nodiscard]] net::rtentry* arplookup_proxy(net::stack& st, uint32_t addr, unsigned tableid);
// Whether we answer for that address with our own Ethernet address.
[[nodiscard]] bool arpproxy(net::stack& st, uint32_t addr, unsigned tableid);

void arprequest(net::stack& st, net::ifnet& ifp, uint32_t sip, uint32_t tip, net::ether_addr sha);
void arpreply(net::stack& st, net::ifnet& ifp, uint32_t sip, net::ether_addr sha, uint32_t tip,
              net::ether_addr tha);

// The address in use; 0: not resolved, or no neighbour entry.
[[nodiscard]] net::ether_addr arp_lladdr(const net::rtentry& rt);

// Invariants; the argument is the stack. Under the arp mutex: hold_total is the sum of the queues, each
// within its limit; an entry on the list is that of its route, and its neighbours there are its own.
int arp_hold_counted(void* st);
int arp_entries_linked(void* st);
// When nobody runs: every packet whose fate is `held` is on one of the queues.
int arp_hold_told(void* st);

}  // namespace model::netinet
