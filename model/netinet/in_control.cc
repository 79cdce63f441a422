#include "model/netinet/in_control.h"

#include <cerrno>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/link_state.h"
#include "model/net/route.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_multi.h"

namespace model::netinet {

using namespace net;

namespace {

ifaddr* find_address_locked(const ifnet& ifp, uint32_t addr) {
    ifaddr* ifa = ifp.if_addrlist.get_locked();
    while (ifa != nullptr && ifa->ifa_addr != addr) {
        ifa = ifa->ifa_next.get_locked();
    }
    return ifa;
}

// An address for one host. 0/8 and the groups are none, nor is the broadcast address of its
// network.
bool is_host_address(uint32_t addr, uint8_t plen) {
    const uint32_t host = addr & ~in_mask(plen);
    const bool ends_of_network = plen < 31 && (host == 0 || host == ~in_mask(plen));
    return addr != inaddr_broadcast && !in_multicast(addr) && !in_this_network(addr) &&
           !ends_of_network;
}

// A network of two hosts has no broadcast address (RFC 3021), one of a single host no network.
bool has_broadcast(const ifaddr& ifa) {
    return ifa.ifa_plen < 31;
}

// The routes of an address in the order in which they are added.
template <typename Function>
int for_each_route(const ifnet& ifp, const ifaddr& ifa, Function function) {
    int error = function(RTF_LOCAL | RTF_HOST, ifa.ifa_addr, uint8_t{32});
    if (ifp.if_type == IFT_LOOP) {
        return error;  // there is no network behind it
    }
    if (error == 0 && has_broadcast(ifa)) {
        error = function(RTF_BROADCAST | RTF_HOST, ifa.ifa_broadaddr, uint8_t{32});
    }
    if (error == 0 && ifa.ifa_plen < 32) {
        error = function(RTF_CONNECTED | RTF_CLONING, ifa.ifa_addr & ifa.ifa_netmask, ifa.ifa_plen);
    }
    return error;
}

// Takes the address from the interface: from now on nobody finds it, then the routes go.
void in_purgeaddr_locked(stack& st, ifnet& ifp, ifaddr& ifa) {
    ifaref(ifa);
    ifa_del_locked(ifp, ifa);
    rt_ifa_purge_locked(st, ifa);
    rtm_addr_locked(st, RTM_DELADDR, ifa);
    ifafree(&ifa);
}

}  // namespace

int in_ifinit_locked(stack& st, ifnet& ifp, uint32_t addr, uint8_t plen) {
    if (plen > 32 || !is_host_address(addr, plen)) {
        return EINVAL;
    }
    if (ifaddr* standing = find_address_locked(ifp, addr); standing != nullptr) {
        if (standing->ifa_plen == plen) {
            return 0;
        }
        in_purgeaddr_locked(st, ifp, *standing);
    }
    if (const int error = if_up_locked(st, ifp); error != 0) {
        return error;
    }
    ifaddr* ifa = ifa_create(st, ifp, addr, plen);
    ifa_add_locked(ifp, *ifa);
    const int error = for_each_route(ifp, *ifa, [&](uint32_t flags, uint32_t dest, uint8_t len) {
        const int e = rt_ifa_add_locked(st, *ifa, flags, dest, len);
        if (e == 0 && (flags & RTF_LOCAL) != 0) {
            rtm_addr_locked(st, RTM_NEWADDR, *ifa);
        }
        // A second address in the same network shares its connected and broadcast routes.
        return e == EEXIST && (flags & RTF_LOCAL) == 0 ? 0 : e;
    });
    if (error != 0) {
        in_purgeaddr_locked(st, ifp, *ifa);
    }
    return error;
}

int in_delete_locked(stack& st, ifnet& ifp, uint32_t addr) {
    ifaddr* ifa = find_address_locked(ifp, addr);
    if (ifa == nullptr) {
        return EADDRNOTAVAIL;
    }
    in_purgeaddr_locked(st, ifp, *ifa);
    // What it shared with another address of the network goes over to that one.
    for (ifaddr* other = ifp.if_addrlist.get_locked(); other != nullptr;
         other = other->ifa_next.get_locked()) {
        const int error =
            for_each_route(ifp, *other, [&](uint32_t flags, uint32_t dest, uint8_t len) {
                const int e = rt_ifa_add_locked(st, *other, flags, dest, len);
                return e == EEXIST ? 0 : e;
            });
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

void in_newlladdr_locked(stack& st, ifnet& ifp, ether_addr lladdr) {
    if_setlladdr_locked(ifp, lladdr);
    for (ifaddr* ifa = ifp.if_addrlist.get_locked(); ifa != nullptr;
         ifa = ifa->ifa_next.get_locked()) {
        rtentry* rt = rtable_lookup_locked(st, ifa->ifa_addr, 32, RTP_LOCAL, ifa->ifa_rdomain);
        if (rt != nullptr && rt->rt_llinfo.load(std::memory_order_relaxed) != nullptr) {
            arp_set_locked(st, *rt, lladdr, 0);
        }
        arprequest(st, ifp, ifa->ifa_addr, ifa->ifa_addr, lladdr);
    }
}

void in_ifdetach_locked(stack& st, ifnet& ifp) {
    while (ifaddr* ifa = ifp.if_addrlist.get_locked()) {
        in_purgeaddr_locked(st, ifp, *ifa);
    }
    in_purgemulti_locked(st, ifp);
}

}  // namespace model::netinet
