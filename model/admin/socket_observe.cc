#include "model/admin/socket_observe.h"

#include "model/admin/text.h"
#include "model/net/if.h"
#include "model/net/mbuf.h"
#include "model/net/stack.h"
#include "model/netinet/in_multi.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_var.h"

namespace model::admin {

namespace {

using netinet::inpcb;

const netinet::named_socket* socket_named(const net::stack& st, std::string_view name) {
    for (const netinet::named_socket& n : st.inet->names) {
        if (n.name == name) {
            return &n;
        }
    }
    return nullptr;
}

// That of the socket which has the name. Else the newest of that name that is on a table: a connection outlives its
// socket's name.
const inpcb* pcb_of(const net::stack& st, std::string_view name) {
    const netinet::named_socket* n = socket_named(st, name);
    if (n != nullptr && n->so != nullptr && n->so->so_pcb != nullptr) {
        return n->so->so_pcb;
    }
    const netinet::in_state& inet = *st.inet;
    for (const netinet::inpcbtable* table :
         {&inet.udbtable, &inet.rawcbtable, &inet.tcbtable, &inet.divcbtable}) {
        for (const inpcb* inp = table->list; inp != nullptr; inp = inp->inp_next) {
            if (name == inp->inp_name) {
                return inp;
            }
        }
    }
    return nullptr;
}

std::string queued(const netinet::socket& so) {
    std::string text;
    for (const netinet::sockrecord* r = so.so_rcv.head; r != nullptr; r = r->next) {
        text += text.empty() ? "" : " ";
        text += std::to_string(r->m->packet) + ":" + std::to_string(r->m->len);
    }
    return text;
}

}  // namespace

bool observe_got(net::stack& st, arguments words, std::string& out) {
    const netinet::named_socket* n = words.size() == 1 ? socket_named(st, words[0]) : nullptr;
    out = n == nullptr ? "none" : n->last == nullptr ? n->got : n->last->so_rcv.sb_got;
    return words.size() == 1;
}

bool observe_queued(net::stack& st, arguments words, std::string& out) {
    const netinet::named_socket* n = words.size() == 1 ? socket_named(st, words[0]) : nullptr;
    out = n == nullptr ? "none" : n->so == nullptr ? "" : queued(*n->so);
    return words.size() == 1;
}

bool observe_local(net::stack& st, arguments words, std::string& out) {
    const inpcb* inp = words.size() == 1 ? pcb_of(st, words[0]) : nullptr;
    out = inp == nullptr ? "none" : sockaddr_text({inp->inp_laddr, inp->inp_lport});
    return words.size() == 1;
}

bool observe_foreign(net::stack& st, arguments words, std::string& out) {
    const inpcb* inp = words.size() == 1 ? pcb_of(st, words[0]) : nullptr;
    out = inp == nullptr ? "none" : sockaddr_text({inp->inp_faddr, inp->inp_fport});
    return words.size() == 1;
}

bool observe_state(net::stack& st, arguments words, std::string& out) {
    const inpcb* inp = words.size() == 1 ? pcb_of(st, words[0]) : nullptr;
    out = inp == nullptr || inp->inp_ppcb == nullptr ? "none"
                                                     : netinet::tcpstates[inp->inp_ppcb->t_state];
    return words.size() == 1;
}

bool observe_members(net::stack& st, arguments words, std::string& out) {
    const net::ifnet* ifp = words.size() == 1 ? st.ifnetlist : nullptr;
    while (ifp != nullptr && words[0] != ifp->if_xname) {
        ifp = ifp->if_list_next;
    }
    out = ifp == nullptr ? "none" : "";
    for (const netinet::in_multi* inm = ifp == nullptr ? nullptr : ifp->if_maddrlist.get_locked();
         inm != nullptr; inm = inm->inm_next.get_locked()) {
        out += out.empty() ? "" : " ";
        out += address_text(inm->inm_addr) + ":" + std::to_string(inm->inm_members);
    }
    return words.size() == 1;
}

bool observe_joined(net::stack& st, arguments words, std::string& out) {
    const inpcb* inp = words.size() == 1 ? pcb_of(st, words[0]) : nullptr;
    out = inp == nullptr ? "none" : "";
    if (inp == nullptr) {
        return words.size() == 1;
    }
    for (const netinet::in_multi* inm : inp->inp_moptions.memberships) {
        const net::ifnet* ifp = st.ifnetlist;
        while (ifp != nullptr && ifp->if_index != inm->inm_ifidx) {
            ifp = ifp->if_list_next;
        }
        out += (out.empty() ? "" : " + ") + address_text(inm->inm_addr) + " " +
               (ifp == nullptr ? "-" : ifp->if_xname);
    }
    return true;
}

long socket_pcb_refs(const net::stack& st, std::string_view name) {
    const inpcb* inp = pcb_of(st, name);
    return inp == nullptr ? -1 : static_cast<long>(kern::refcnt_read(inp->inp_refcnt));
}

}  // namespace model::admin
