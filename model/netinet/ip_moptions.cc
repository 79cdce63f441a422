#include "model/netinet/ip_moptions.h"

#include <algorithm>
#include <cerrno>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_multi.h"
#include "model/netinet/in_pcb.h"
#include "model/netinet/socket.h"

namespace model::netinet {

using namespace net;

namespace {

// The interface that is named, or that the route to the group leads to; referenced. Null: none, or it knows no groups.
ifnet* interface_for(stack& st, uint32_t group, unsigned ifidx, unsigned tableid) {
    ifnet* ifp = nullptr;
    if (ifidx != 0) {
        ifp = if_get(st, ifidx);
    } else if (rtentry* rt = rtalloc(st, group, 0, tableid); rt != nullptr) {
        ifp = rt_getif(st, *rt);
        rtfree(rt);
    }
    if (ifp != nullptr && (ifp->if_flags.load(std::memory_order_relaxed) & IFF_MULTICAST) == 0) {
        if_put(ifp);
        return nullptr;
    }
    return ifp;
}

// Under so_lock and conf_lock. ifidx 0: on any interface, also on one that has gone.
std::vector<in_multi*>::iterator find_locked(ip_moptions& imo, uint32_t group, unsigned ifidx) {
    return std::find_if(imo.memberships.begin(), imo.memberships.end(), [&](const in_multi* inm) {
        return inm->inm_addr == group && (ifidx == 0 || inm->inm_ifidx == ifidx);
    });
}

// so_lock and conf_lock are held.
int join_locked(stack& st, ip_moptions& imo, uint32_t group, ifnet& ifp) {
    if (find_locked(imo, group, ifp.if_index) != imo.memberships.end()) {
        return EADDRINUSE;
    }
    if (imo.memberships.size() == ip_max_memberships) {
        return ETOOMANYREFS;
    }
    imo.memberships.push_back(in_addmulti_locked(st, ifp, group));
    return 0;
}

int leave_locked(stack& st, ip_moptions& imo, uint32_t group, unsigned ifidx) {
    const auto found = find_locked(imo, group, ifidx);
    if (found == imo.memberships.end()) {
        return EADDRNOTAVAIL;
    }
    in_delmulti_locked(st, **found);
    imo.memberships.erase(found);
    return 0;
}

// Calls function(pcb) with so_lock. EINVAL where the socket is closed; ENOPROTOOPT: a connection has one other end.
template <typename Function>
int with_pcb(socket& so, Function function) {
    solock(so);
    const int error = so.so_pcb == nullptr             ? EINVAL
                      : so.so_pcb->inp_ppcb != nullptr ? ENOPROTOOPT
                                                       : function(*so.so_pcb);
    sounlock(so);
    return error;
}

}  // namespace

int ip_join(stack& st, socket& so, uint32_t group, unsigned ifidx) {
    if (!in_multicast(group)) {
        return EINVAL;
    }
    // The reference stands for the interface until the membership does: who destroys it waits for us, and only then
    // looks what it is a member of.
    ifnet* ifp = interface_for(st, group, ifidx, so.so_rtableid);
    if (ifp == nullptr) {
        return EADDRNOTAVAIL;
    }
    const int error = with_pcb(so, [&](inpcb& inp) {
        kern::rw_enter_write(st.conf_lock);
        const int e = join_locked(st, inp.inp_moptions, group, *ifp);
        kern::rw_exit(st.conf_lock);
        return e;
    });
    if_put(ifp);
    return error;
}

int ip_leave(stack& st, socket& so, uint32_t group, unsigned ifidx) {
    if (!in_multicast(group)) {
        return EINVAL;
    }
    return with_pcb(so, [&](inpcb& inp) {
        kern::rw_enter_write(st.conf_lock);
        const int e = leave_locked(st, inp.inp_moptions, group, ifidx);
        kern::rw_exit(st.conf_lock);
        return e;
    });
}

int ip_multicast_if(stack& st, socket& so, unsigned ifidx) {
    ifnet* ifp = ifidx == 0 ? nullptr : interface_for(st, 0, ifidx, so.so_rtableid);
    if (ifp == nullptr && ifidx != 0) {
        return EADDRNOTAVAIL;
    }
    const uint64_t serial = ifp == nullptr ? 0 : ifp->if_serial;
    if_put(ifp);
    return with_pcb(so, [&](inpcb& inp) {
        inp.inp_moptions.out.ifidx = static_cast<uint16_t>(ifidx);
        inp.inp_moptions.out.serial = serial;
        return 0;
    });
}

int ip_multicast_ttl(socket& so, uint8_t ttl) {
    return with_pcb(so, [ttl](inpcb& inp) {
        inp.inp_moptions.out.ttl = ttl;
        return 0;
    });
}

int ip_multicast_loop(socket& so, bool loop) {
    return with_pcb(so, [loop](inpcb& inp) {
        inp.inp_moptions.out.loop = loop;
        return 0;
    });
}

void ip_freemoptions(stack& st, std::vector<in_multi*> memberships) {
    if (memberships.empty()) {
        return;
    }
    kern::rw_enter_write(st.conf_lock);
    for (in_multi* inm : memberships) {
        in_delmulti_locked(st, *inm);
    }
    kern::rw_exit(st.conf_lock);
}

ifnet* multicast_if(stack& st, const multicast_out& out) {
    ifnet* ifp = out.ifidx == 0 ? nullptr : if_get(st, out.ifidx);
    if (ifp != nullptr && ifp->if_serial != out.serial) {
        if_put(ifp);
        return nullptr;
    }
    return ifp;
}

uint32_t multicast_source(stack& st, const multicast_out& out) {
    ifnet* ifp = multicast_if(st, out);
    ifaddr* ifa = ifp == nullptr ? nullptr : ifa_first(st, *ifp);
    const uint32_t source = ifa == nullptr ? inaddr_any : ifa->ifa_addr;
    ifafree(ifa);
    if_put(ifp);
    return source;
}

}  // namespace model::netinet
