// pf_track.h - finding the state of a packet, and what a packet does to it.
// Source:  pf_find_state(), pf_test_state(), pf_test_state_icmp() of OpenBSD net/pf.c; TCP as for sloppy states: the order
//          of what is seen, not its sequence numbers.
// Shapes:  a state that is found is referenced for the caller.
// Locks:   pf_state_lock (read) while looking, the mutex of the state while changing it; both are taken here, and none is
//          held on return.
// Errors:  as pf_found says.
#pragma once

#include "model/pf/pf_pdesc.h"
#include "model/pf/pf_state.h"

namespace model::pf {

enum class pf_found {
    none,  // ask the rules
    pass,  // *state, and pd.want is what it translates to
    drop   // the state is one of a socket that has gone
};

// `key`: what the packet has. Also links keys of both directions, and keys with pcbs, for the next one.
[[nodiscard]] pf_found pf_find_state(net::stack& st, pf_pdesc& pd, const pf_key_cmp& key,
                                     pf_state** state);

// A packet that is no ICMP error: finds its state, which learns of it.
[[nodiscard]] pf_found pf_test_state(net::stack& st, pf_pdesc& pd, pf_state** state);
// An ICMP error belongs to the state of the packet that it quotes; translates both.
[[nodiscard]] pf_found pf_test_state_icmp(net::stack& st, pf_pdesc& pd, pf_state** state);

// How a new state begins: what the first packet says of its ends, and how long it lives.
void pf_init_peers(pf_state& s, const pf_pdesc& pd);

}  // namespace model::pf
