#include "model/net/if_em.h"

#include <cstdio>
#include <cstring>

#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

void em_transmit(stack& st, ifnet& ifp, mbuf* m) {
    counter_inc(st, counter::if_opackets);
    fate_set(st, *m, fate::forwarded, ifp.if_xname);
    wire_append(*ifp.if_wire, m->data, m->len, m->packet);
    m_freem(st, m);
}

}  // namespace

int em_unit(const char* name) {
    if (strncmp(name, "em", 2) != 0) {
        return -1;
    }
    const char* digits = name + 2;
    const size_t length = strspn(digits, "0123456789");
    const bool is_number =
        length >= 1 && length <= 2 && digits[length] == '\0' && (digits[0] != '0' || length == 1);
    if (!is_number) {
        return -1;
    }
    const int unit = length == 1 ? digits[0] - '0' : (digits[0] - '0') * 10 + (digits[1] - '0');
    return unit < static_cast<int>(em_units_max) ? unit : -1;
}

ifnet* em_attach_locked(stack& st, unsigned unit) {
    ifnet* ifp = kern::pool_get<ifnet>(st.ifnet_pool);
    snprintf(ifp->if_xname, sizeof ifp->if_xname, "em%u", unit);
    heddle_name(ifp, name_of("ifnet", ifp->if_xname).text);
    heddle_name(&ifp->if_snd.mtx, name_of("queue", ifp->if_xname).text);
    ifp->if_wire = &st.wires[unit];
    ifp->if_transmit = em_transmit;
    ether_ifattach(*ifp);
    // A unicast address that says it was not bought: 02:00:00:00:00:unit.
    if_setlladdr_locked(*ifp, ether_addr{0x020000000000} | unit);
    ifp->if_flags.fetch_or(IFF_RUNNING, std::memory_order_relaxed);
    if (!if_attach_locked(st, *ifp)) {
        if_freesadl(*ifp);
        kern::pool_put(st.ifnet_pool, ifp);
        return nullptr;
    }
    ifp->if_wire->ifidx.store(ifp->if_index, std::memory_order_relaxed);
    return ifp;
}

void em_detach(stack& st, ifnet& ifp) {
    if_detach(st, ifp);
    kern::pool_put(st.ifnet_pool, &ifp);
}

}  // namespace model::net
