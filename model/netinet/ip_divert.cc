#include "model/netinet/ip_divert.h"

#include <cerrno>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/inp_deliver.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_input.h"
#include "model/netinet/ip_output.h"

namespace model::netinet {

using namespace net;

// ---- to the program -----------------------------------------------------------------------------

namespace {

void divert_drop(stack& st, mbuf* m, counter which, const char* reason) {
    counter_inc(st, which);
    m_drop(st, m, reason);
}

uint32_t first_address(stack& st, ifnet& ifp) {
    ifaddr* ifa = ifa_first(st, ifp);
    const uint32_t address = ifa == nullptr ? inaddr_any : ifa->ifa_addr;
    ifafree(ifa);
    return address;
}

}  // namespace

void divert_packet(stack& st, mbuf* m, ifnet& ifp, bool in, uint16_t port) {
    counter_inc(st, counter::divs_ipackets);
    ip_view({m->data, m->len})
        .update_sum();  // pf may have translated it, and what leaves has none yet
    const sockaddr from = {in ? first_address(st, ifp) : inaddr_any, 0};
    inpcb* inp = in_pcblookup_port(st.inet->divcbtable, port);
    const delivery outcome = inp == nullptr ? delivery::closed : in_pcbdeliver(st, *inp, m, from);
    in_pcbunref(st, inp);
    if (outcome == delivery::full) {
        divert_drop(st, m, counter::divs_fullsock, "fullsock");
    } else if (outcome == delivery::closed) {
        divert_drop(st, m, counter::divs_noport, "nodivert");
    }
}

// ---- from the program ---------------------------------------------------------------------------

namespace {

void divert_attach(stack& st, socket& so, const char* name) {
    in_pcballoc(st, st.inet->divcbtable, so, name, nullptr);
}

void divert_detach(stack& st, socket& so, closing) {
    solock(so);
    if (so.so_pcb != nullptr) {
        in_pcbdetach(st, *so.so_pcb);
    }
    sounlock(so);
}

int divert_connect(stack&, socket&, const sockaddr&) {
    return EOPNOTSUPP;
}

bool is_packet(std::span<const uint8_t> bytes, mbuf& m) {
    if (bytes.size() < ip_size_min) {
        return false;
    }
    const ip_view ip({m.data, m.len});
    return ip.version() == ip_version && ip.header_size() >= ip_size_min &&
           ip.header_size() <= m.len && ip.total_size() == m.len;
}

// The interface that has the address, referenced; null if none has.
ifnet* interface_with(stack& st, uint32_t address, unsigned tableid) {
    rtentry* rt = rtalloc(st, address, 0, tableid);
    const bool ours =
        rt != nullptr && (rt->rt_flags.load(std::memory_order_relaxed) & RTF_LOCAL) != 0;
    ifnet* ifp = ours ? rt_getif(st, *rt) : nullptr;
    rtfree(rt);
    return ifp;
}

// As if it came in by that interface, which pf has been asked for already.
int inject_in(stack& st, mbuf* m, uint32_t address) {
    ifnet* ifp = interface_with(st, address, m->ph_rtableid);
    if (ifp == nullptr) {
        counter_inc(st, counter::divs_errors);
        m_freem(st, m);
        return EADDRNOTAVAIL;
    }
    m_setrcvif(*m, *ifp);
    ip_input_if(st, *ifp, m);
    if_put(ifp);
    return 0;
}

int inject_out(stack& st, mbuf* m) {
    uint32_t mtu = 0;
    const int error = ip_output(st, m, nullptr, IP_ALLOWBROADCAST | IP_RAWOUTPUT, &mtu);
    return error == EACCES ? EHOSTUNREACH : error;  // that pf refuses is no matter of permission
}

int divert_send(stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    if (to == nullptr) {
        return EDESTADDRREQ;
    }
    mbuf* m = m_devget(st, bytes.data(), bytes.size());
    if (m == nullptr) {
        return ENOBUFS;
    }
    if (!is_packet(bytes, *m)) {
        counter_inc(st, counter::divs_errors);
        m_freem(st, m);
        return EINVAL;
    }
    counter_inc(st, counter::divs_opackets);
    ip_view({m->data, m->len}).update_sum();
    m->pf.flags |= PF_TAG_DIVERTED_PACKET;
    m->ph_rtableid = so.so_rtableid;
    return to->addr == inaddr_any ? inject_out(st, m) : inject_in(st, m, to->addr);
}

}  // namespace

const protosw divert_proto = {.attach = divert_attach,
                              .detach = divert_detach,
                              .connect = divert_connect,
                              .send = divert_send};

}  // namespace model::netinet
