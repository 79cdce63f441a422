// pf_inp.h - a state's key, a pcb and a packet find each other without a lookup.
// Source:  names after OpenBSD net/pf.c; which of them is called where: netinet/in_pcb, tcp, udp, raw.
// Shapes:  a key has at most one pcb and a pcb at most one key, and each leads to the other: k.sk_inp == p
//          exactly if p.inp_pf_sk == k. Each side of a link counts as a reference to what it leads to.
// Locks:   pf_inp_mtx, taken here. Nothing of it is held on return; no function sleeps but
//          pf_remove_divert_state. Only model/pf touches the fields that these functions are about.
// Errors:  none; null is an ordinary answer.
#pragma once

#include <cstdint>
#include <optional>

#include "model/net/mbuf.h"

namespace model::netinet {
struct inpcb;
}

namespace model::pf {

struct pf_state_key;

// ---- packet and key, packet and pcb -------------------------------------------------------------

// The packet has a reference to the key, or to the pcb, from now on, instead of another one.
void pf_mbuf_link_state_key(net::stack& st, net::mbuf& m, pf_state_key* sk);
void pf_mbuf_unlink_state_key(net::stack& st, net::mbuf& m);
void pf_mbuf_link_inpcb(net::stack& st, net::mbuf& m, netinet::inpcb* inp);
void pf_mbuf_unlink_inpcb(net::stack& st, net::mbuf& m);

// The addresses have changed: what is known of the packet is not true of it any more.
void pf_pkt_addr_changed(net::stack& st, net::mbuf& m);
// The packet is freed, or begins a new life as another one: what it refers to and its tags go.
void pf_mbuf_reset(net::stack& st, net::mbuf& m);
// A copy of the packet refers to the same. `to` refers to nothing yet.
void pf_mbuf_dup(net::stack& st, net::mbuf& to, const net::mbuf& from);

// ---- key and pcb --------------------------------------------------------------------------------

// Links them unless one of them is linked, or the key has been removed, or the pcb unlinked for good.
void pf_state_key_link_inpcb(net::stack& st, pf_state_key* sk, netinet::inpcb* inp);
// On the removal of the key, sk_removed being set: it never has a pcb again.
void pf_state_key_unlink_inpcb(net::stack& st, pf_state_key* sk);

// The pcb that the packet's key leads to, referenced (in_pcbunref); null: to be looked up otherwise. It may
// have been closed meanwhile: the caller looks.
[[nodiscard]] netinet::inpcb* pf_inp_lookup(net::stack& st, net::mbuf& m);
// The packet belongs to this connected pcb: links its key to it. The packet has no key any more.
void pf_inp_link(net::stack& st, net::mbuf& m, netinet::inpcb* inp);
// The pcb is disconnected; or, for good, detached, or its connection is about to be another one's. A packet that it has
// sent may be on its way to pf still, and would link it again: to the new connection's state, which has the same key.
enum class pf_unlink { may_link_again, for_good };
void pf_inp_unlink(net::stack& st, netinet::inpcb* inp, pf_unlink how = pf_unlink::may_link_again);

// ---- divert -------------------------------------------------------------------------------------

// Before pf_inp_unlink when the socket goes: a state that a divert rule made for it goes with it, or, if it is a
// translated TCP connection, stays for a while without finding anybody. It is linked to no other one from now on.
// May sleep; no lock of pf is held.
void pf_remove_divert_state(net::stack& st, netinet::inpcb* inp);

// Whether pf says that a received packet is for us, whatever its destination: 1 it is, 0 it is not, -1 pf
// does not know.
[[nodiscard]] int pf_ouraddr(const net::mbuf& m);

// Where a divert-to rule wants a packet delivered: a listener is looked up by that instead of by the packet's
// own destination. Because of divert-reply: it is for no listener at all.
struct pf_divert {
    uint32_t addr = 0;
    uint16_t port = 0;
    bool reply = false;
};
// Nothing: no such rule matched.
[[nodiscard]] std::optional<pf_divert> pf_find_divert(const net::mbuf& m);

}  // namespace model::pf
