#include "model/netinet/inp_deliver.h"

#include "model/net/fate.h"
#include "model/net/mbuf.h"
#include "model/net/stack.h"
#include "model/netinet/socket.h"

namespace model::netinet {

namespace {

delivery deliver(net::stack& st, inpcb& inp, net::mbuf* m, const sockaddr& from, const char* name) {
    socket* so = in_pcbsoref(inp);
    if (so == nullptr) {
        return delivery::closed;
    }
    const delivery outcome = sbappendaddr(st, so->so_rcv, m, from, name);
    sorele(st, so);
    return outcome;
}

}  // namespace

delivery in_pcbdeliver(net::stack& st, inpcb& inp, net::mbuf* m, const sockaddr& from) {
    return deliver(st, inp, m, from, inp.inp_name);
}

delivery in_pcbdeliver_all(net::stack& st, const std::vector<inpcb*>& inps, const net::mbuf& m,
                           const sockaddr& from) {
    delivery all = delivery::closed;
    for (inpcb* inp : inps) {
        net::mbuf* copy = net::m_devget(st, m.data, m.len);
        if (copy != nullptr) {
            copy->packet = m.packet;
        }
        const delivery one =
            copy == nullptr ? delivery::full : deliver(st, *inp, copy, from, nullptr);
        if (one != delivery::done) {
            net::m_freem(st, copy);
        }
        if (one == delivery::done && all != delivery::done) {
            net::fate_set(st, m, net::fate::delivered, inp->inp_name);
        }
        all = all == delivery::done || one == delivery::closed ? all : one;
        in_pcbunref(st, inp);
    }
    return all;
}

}  // namespace model::netinet
