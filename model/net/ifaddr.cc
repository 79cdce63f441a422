#include "model/net/ifaddr.h"

#include "model/kern/assert.h"
#include "model/net/if.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"

namespace model::net {

ifaddr* ifa_create(stack& st, ifnet& ifp, uint32_t addr, uint8_t plen) {
    ifaddr* ifa = kern::pool_get<ifaddr>(st.ifaddr_pool);
    ifa->ifa_addr = addr;
    ifa->ifa_plen = plen;
    ifa->ifa_netmask = plen_to_mask(plen);
    ifa->ifa_broadaddr = addr | ~ifa->ifa_netmask;
    ifa->ifa_ifidx = ifp.if_index;
    ifa->ifa_rdomain = ifp.if_rdomain;
    ifa->ifa_stack = &st;
    heddle_name(ifa, name_of("ifaddr", addr).text);
    return ifa;
}

void ifaref(ifaddr& ifa) {
    kern::refcnt_take(ifa.ifa_refcnt);
}

void ifafree(ifaddr* ifa) {
    if (ifa != nullptr && kern::refcnt_rele(ifa->ifa_refcnt)) {
        kern::pool_put(ifa->ifa_stack->ifaddr_pool, ifa);
    }
}

void ifa_add_locked(ifnet& ifp, ifaddr& ifa) {
    kern::smr_ptr<ifaddr*>* link = &ifp.if_addrlist;
    while (ifaddr* next = link->get_locked()) {
        link = &next->ifa_next;
    }
    link->set_locked(&ifa);
}

void ifa_del_locked(ifnet& ifp, ifaddr& ifa) {
    kern::smr_ptr<ifaddr*>* link = &ifp.if_addrlist;
    while (link->get_locked() != &ifa) {
        kern::kassert(link->get_locked() != nullptr, "ifa_del: not on the list");
        link = &link->get_locked()->ifa_next;
    }
    // A reader that stands on it goes on by its ifa_next, which stays as it is.
    link->set_locked(ifa.ifa_next.get_locked());
    heddle_unlinked(&ifa, &ifa.ifa_stack->smr);
    kern::smr_call(
        ifa.ifa_stack->smr, ifa.ifa_smr, [](void* p) { ifafree(static_cast<ifaddr*>(p)); }, &ifa);
}

ifaddr* ifa_ifp_onnet(stack& st, ifnet& ifp, uint32_t addr) {
    kern::smr_read_enter(st.smr);
    ifaddr* ifa = ifp.if_addrlist.get();
    while (ifa != nullptr && ((ifa->ifa_addr ^ addr) & ifa->ifa_netmask) != 0) {
        ifa = ifa->ifa_next.get();
    }
    if (ifa != nullptr) {
        ifaref(*ifa);
    }
    kern::smr_read_leave(st.smr);
    return ifa;
}

ifaddr* ifa_first(stack& st, ifnet& ifp) {
    kern::smr_read_enter(st.smr);
    ifaddr* ifa = ifp.if_addrlist.get();
    if (ifa != nullptr) {
        ifaref(*ifa);
    }
    kern::smr_read_leave(st.smr);
    return ifa;
}

}  // namespace model::net
