#include "model/netinet/raw_ip.h"

#include <cerrno>
#include <cstring>

#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/inp_deliver.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_output.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

void rip_input(stack& st, mbuf* m) {
    const ip_view ip({m->data, m->len});
    const auto divert = pf::pf_find_divert(*m);
    const uint32_t laddr = divert && !divert->reply ? divert->addr : ip.destination();
    const in_ends ends = {ip.source(), laddr, 0, 0};
    switch (
        in_pcbdeliver_all(st, in_pcblookup_all(st.inet->rawcbtable, ends), *m, {ends.faddr, 0})) {
        case delivery::done:
            break;
        case delivery::full:
            counter_inc(st, counter::rips_fullsock);
            m_drop(st, m, "fullsock");
            return;
        case delivery::closed:
            fate_set(st, *m, fate::delivered, "icmp");
            break;
    }
    m_freem(st, m);
}

namespace {

void rip_attach(stack& st, socket& so, const char* name) {
    in_pcballoc(st, st.inet->rawcbtable, so, name, nullptr);
}

void rip_detach(stack& st, socket& so, closing) {
    solock(so);
    if (so.so_pcb != nullptr) {
        in_pcbdetach(st, *so.so_pcb);
    }
    sounlock(so);
}

int rip_bind(stack& st, socket& so, const sockaddr& at, bind_to which) {
    solock(so);
    const int error =
        so.so_pcb == nullptr ? EINVAL : in_pcbbind_addr(st, *so.so_pcb, at.addr, which);
    sounlock(so);
    return error;
}

// Where nothing leads there it is left open: ip_output says what is wrong.
uint32_t source_of(stack& st, socket& so, uint32_t faddr) {
    solock_shared(so);
    const uint32_t laddr = so.so_pcb == nullptr ? inaddr_any : so.so_pcb->inp_laddr;
    sounlock(so);
    return laddr == inaddr_any ? in_pcbselsrc(st, faddr) : laddr;
}

int rip_connect(stack&, socket&, const sockaddr&) {
    return EOPNOTSUPP;
}

int rip_send(stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    if (to == nullptr) {
        return ENOTCONN;
    }
    if (bytes.size() > ip_maxpacket - ip_size_min) {
        return EMSGSIZE;
    }
    mbuf* m = m_get(st, ip_size_min + bytes.size());
    if (m == nullptr) {
        return ENOBUFS;
    }
    const ip_view ip({m->data, m->len});
    ip.write({.ttl = ip_ttl_max,
              .protocol = ipproto_icmp,
              .source = source_of(st, so, to->addr),
              .destination = to->addr},
             0);
    memcpy(ip.payload().data(), bytes.data(), bytes.size());
    counter_inc(st, counter::rips_opackets);
    uint32_t mtu = 0;
    return ip_output(st, m, nullptr, 0, &mtu);
}

}  // namespace

const protosw rip_proto = {.attach = rip_attach,
                           .detach = rip_detach,
                           .connect = rip_connect,
                           .send = rip_send,
                           .bind = rip_bind};

}  // namespace model::netinet
