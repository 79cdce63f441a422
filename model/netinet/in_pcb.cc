#include "model/netinet/in_pcb.h"

#include <cstdio>

#include "model/kern/assert.h"
#include "model/kern/invariant.h"
#include "model/net/mbuf.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "model/netinet/in_text.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_var.h"
#include "model/pf/pf_inp.h"

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
    kern::kassert(inp->inp_moptions.memberships.empty(), "in_pcbunref: still a member");
    kern::kassert(inp->inp_route.ro.ro_rt == nullptr, "in_pcbunref: still has a route");
    if (inp->inp_ppcb != nullptr) {
        tcp_freetcpcb(st, inp->inp_ppcb);
    }
    kern::pool_put(st.inpcb_pool, inp);
}

// ---- tables -------------------------------------------------------------------------------------

inpcbtable::inpcbtable(const char* lock_name) {
    heddle_name(this, lock_name);
    heddle_invariant_of(&inpt_mtx, "pcbs are linked, and connected once", in_pcbs_linked, this);
}

inpcb* in_pcballoc(net::stack& st, inpcbtable& table, socket& so, const char* name, tcpcb* ppcb) {
    auto* inp = kern::pool_get<inpcb>(st.inpcb_pool);
    heddle_name(inp, net::name_of("inpcb", name).text);
    heddle_lock_class(&inp->inp_sofree_mtx, "inp_sofree_mtx");
    snprintf(inp->inp_name, sizeof inp->inp_name, "%s", name);
    inp->inp_table = &table;
    inp->inp_protocol = so.so_protocol;
    inp->inp_rtableid = so.so_rtableid;
    inp->inp_rdomain = static_cast<uint8_t>(net::rtable_l2(st, so.so_rtableid));
    inp->inp_ppcb = ppcb;
    if (ppcb != nullptr) {
        ppcb->t_inpcb = inp;
    }
    inp->inp_socket = soref(&so);
    so.so_pcb = inp;

    kern::mtx_enter(table.inpt_mtx);
    inp->inp_next = table.list;
    if (table.list != nullptr) {
        table.list->inp_prev = inp;
    }
    table.list = inp;
    inp->inp_onlist = true;
    kern::mtx_leave(table.inpt_mtx);
    return inp;
}

void in_pcbdetach(net::stack& st, inpcb& inp) {
    // Who finds the pcb from now on finds no socket, and goes on as if it had not found it.
    kern::mtx_enter(inp.inp_sofree_mtx);
    socket* so = inp.inp_socket;
    inp.inp_socket = nullptr;
    kern::mtx_leave(inp.inp_sofree_mtx);
    so->so_pcb = nullptr;
    sorele(st, so);

    in_pcbroute_free(inp);
    pf::pf_remove_divert_state(st, &inp);
    pf::pf_inp_unlink(st, &inp, pf::pf_unlink::for_good);
    inpcbtable& table = *inp.inp_table;
    kern::mtx_enter(table.inpt_mtx);
    (inp.inp_prev == nullptr ? table.list : inp.inp_prev->inp_next) = inp.inp_next;
    if (inp.inp_next != nullptr) {
        inp.inp_next->inp_prev = inp.inp_prev;
    }
    inp.inp_onlist = false;
    kern::mtx_leave(table.inpt_mtx);
    in_pcbunref(st, &inp);
}

socket* in_pcbsoref(inpcb& inp) {
    kern::mtx_enter(inp.inp_sofree_mtx);
    socket* so = inp.inp_socket == nullptr ? nullptr : soref(inp.inp_socket);
    kern::mtx_leave(inp.inp_sofree_mtx);
    return so;
}

// ---- lookup -------------------------------------------------------------------------------------

namespace {

bool is_connected_so(const inpcb& inp, const in_ends& ends) {
    return inp.inp_rdomain == ends.rdomain && inp.inp_faddr != 0 && inp.inp_faddr == ends.faddr &&
           inp.inp_fport == ends.fport && inp.inp_lport == ends.lport &&
           inp.inp_laddr == ends.laddr;
}

bool listens_at(const inpcb& inp, uint32_t laddr, uint16_t lport, uint8_t rdomain) {
    return inp.inp_rdomain == rdomain && inp.inp_faddr == 0 && inp.inp_lport == lport &&
           inp.inp_laddr == laddr;
}

template <typename Matches>
inpcb* find_locked(const inpcbtable& table, const Matches& matches) {
    for (inpcb* inp = table.list; inp != nullptr; inp = inp->inp_next) {
        if (matches(*inp)) {
            return inp;
        }
    }
    return nullptr;
}

// Where listeners for a packet are looked for: first the one address, then the other.
struct listen_ends {
    uint32_t first = 0;
    uint32_t second = 0;
    uint16_t lport = 0;
};

listen_ends listen_ends_of(const in_ends& ends, const net::mbuf& m) {
    if (const auto divert = pf::pf_find_divert(m)) {
        // With divert-reply only the state leads to a socket: port 0 is nobody's.
        return divert->reply ? listen_ends{}
                             : listen_ends{divert->addr, divert->addr, divert->port};
    }
    if ((m.pf.flags & net::PF_TAG_TRANSLATE_LOCALHOST) != 0) {
        // Who is bound to our loopback only is not meant by what was redirected to it.
        return {0, ends.laddr, ends.lport};
    }
    return {ends.laddr, 0, ends.lport};
}

}  // namespace

inpcb* in_pcblookup(inpcbtable& table, const in_ends& ends) {
    kern::mtx_enter(table.inpt_mtx);
    inpcb* inp = find_locked(table, [&](const inpcb& one) { return is_connected_so(one, ends); });
    // Under the mutex the table's reference is there to stand on.
    inp = inp == nullptr ? nullptr : in_pcbref(inp);
    kern::mtx_leave(table.inpt_mtx);
    return inp;
}

inpcb* in_pcblookup_listen(inpcbtable& table, const in_ends& ends, const net::mbuf& m) {
    const listen_ends where = listen_ends_of(ends, m);
    kern::mtx_enter(table.inpt_mtx);
    inpcb* inp = find_locked(table, [&](const inpcb& one) {
        return where.lport != 0 && listens_at(one, where.first, where.lport, ends.rdomain);
    });
    if (inp == nullptr && where.second != where.first && where.lport != 0) {
        inp = find_locked(table, [&](const inpcb& one) {
            return listens_at(one, where.second, where.lport, ends.rdomain);
        });
    }
    inp = inp == nullptr ? nullptr : in_pcbref(inp);
    kern::mtx_leave(table.inpt_mtx);
    return inp;
}

inpcb* in_pcblookup_port(inpcbtable& table, uint16_t lport) {
    kern::mtx_enter(table.inpt_mtx);
    inpcb* inp = find_locked(table, [&](const inpcb& one) { return one.inp_lport == lport; });
    inp = inp == nullptr ? nullptr : in_pcbref(inp);
    kern::mtx_leave(table.inpt_mtx);
    return inp;
}

namespace {

template <typename Matches>
std::vector<inpcb*> find_all(inpcbtable& table, const Matches& matches) {
    std::vector<inpcb*> found;
    kern::mtx_enter(table.inpt_mtx);
    for (inpcb* inp = table.list; inp != nullptr; inp = inp->inp_next) {
        if (matches(*inp)) {
            found.push_back(in_pcbref(inp));
        }
    }
    kern::mtx_leave(table.inpt_mtx);
    return found;
}

}  // namespace

std::vector<inpcb*> in_pcblookup_all(inpcbtable& table, const in_ends& ends, uint8_t protocol) {
    return find_all(table, [&](const inpcb& one) {
        const bool from_there = one.inp_faddr == ends.faddr && one.inp_fport == ends.fport;
        return one.inp_rdomain == ends.rdomain && one.inp_protocol == protocol &&
               one.inp_lport == ends.lport && (one.inp_laddr == 0 || one.inp_laddr == ends.laddr) &&
               (one.inp_faddr == 0 || from_there);
    });
}

std::vector<inpcb*> in_pcbs(inpcbtable& table) {
    return find_all(table, [](const inpcb&) { return true; });
}

// ---- invariant ----------------------------------------------------------------------------------

int in_pcbs_linked(void* argument) {
    const inpcbtable& table = *static_cast<inpcbtable*>(argument);
    const inpcb* before = nullptr;
    for (const inpcb* inp = table.list; inp != nullptr; before = inp, inp = inp->inp_next) {
        if (inp->inp_prev != before || !inp->inp_onlist || inp->inp_table != &table) {
            return kern::broken("pcb %s is linked into its table on one side only", inp->inp_name);
        }
        const in_ends ends = {inp->inp_faddr, inp->inp_laddr, inp->inp_fport, inp->inp_lport,
                              inp->inp_rdomain};
        const inpcb* first =
            find_locked(table, [&](const inpcb& one) { return is_connected_so(one, ends); });
        if (inp->inp_faddr != 0 && first != inp) {
            return kern::broken("pcbs %s and %s are both connected from %s.%u to %s.%u",
                                first->inp_name, inp->inp_name, address_text(ends.laddr).c_str(),
                                unsigned{ends.lport}, address_text(ends.faddr).c_str(),
                                unsigned{ends.fport});
        }
    }
    return 1;
}

}  // namespace model::netinet
