#include "model/netinet/in_pcb.h"

#include "model/kern/assert.h"
#include "model/net/stack.h"

namespace model::netinet {

inpcb* in_pcbref(inpcb* inp) {
    kern::refcnt_take(inp->inp_refcnt);
    return inp;
}

void in_pcbunref(net::stack& st, inpcb* inp) {
    if (inp == nullptr || !kern::refcnt_rele(inp->inp_refcnt)) {
        return;
    }
    kern::kassert(!inp->inp_onlist, "in_pcbunref: still on a list");
    kern::kassert(inp->inp_socket == nullptr, "in_pcbunref: still has a socket");
    kern::pool_put(st.inpcb_pool, inp);
}

}  // namespace model::netinet
