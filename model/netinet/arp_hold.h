// arp_hold.h - packets that wait for a neighbour's address.
// Source:  RFC 1122 2.3.2.2: save at least one packet; limits are OpenBSD's.
// Shapes:  a full queue gives up its oldest packet; when all queues together are full, the entry
//          that wants more loses its whole queue.
// Locks:   the arp mutex is held by the caller, but for arp_hold_send, where it must not be.
// Errors:  none; every packet given up has a fate.
#pragma once

#include "model/net/mbuf.h"
#include "model/netinet/arp.h"

namespace model::netinet {

// Takes the packet onto the entry's queue, or drops it with the queue.
void arp_hold_push(net::stack& st, llinfo_arp& la, net::mbuf* m);
void arp_hold_purge(net::stack& st, llinfo_arp& la, const char* reason);
[[nodiscard]] net::mbuf_list arp_hold_take(net::stack& st, llinfo_arp& la);
// Sends packets taken off; drops them if `ifp` is null.
void arp_hold_send(net::stack& st, net::ifnet* ifp, net::rtentry& rt, net::mbuf_list& held);

// What a neighbour's answer changes in its entry: resolved, not rejected, nothing asked.
void arp_store(llinfo_arp& la, net::ether_addr lladdr, int64_t expire);
// Forgets the address and drops what is held.
void arp_invalidate_entry(net::stack& st, llinfo_arp& la, int64_t now);

}  // namespace model::netinet
