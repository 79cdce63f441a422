// pf_test.h - every packet asks here whether it may go on.
// Source:  pf_test() of OpenBSD net/pf.c; README.md tells its steps.
// Shapes:  the packet begins with its IP header, which is sound; addresses and ports of it may have changed afterwards.
// Locks:   pf_lock (write) for who has no state, pf_state_lock, mutex of the state: all taken here, none held on return,
//          and none while something is sent. May sleep. The caller has a reference to the interface, and no lock.
// Errors:  false: the packet is consumed, its fate told, or a program has it (divert-packet).
#pragma once

#include <atomic>

#include "model/net/ethernet.h"
#include "model/net/stack.h"
#include "model/pf/pf_rule.h"
#include "model/pf/pfvar.h"

namespace model::pf {

// One relaxed load: all that a packet pays while pf is off.
[[nodiscard]] inline bool pf_is_running(const net::stack& st) {
    return st.pf->running.load(std::memory_order_relaxed);
}

// `dir`: in or out. What is forwarded goes both ways, once each. *diverted: a program has it, so that nothing went wrong.
[[nodiscard]] bool pf_test(net::stack& st, pf_dir dir, net::ifnet& ifp, net::mbuf* m,
                           bool* diverted = nullptr);

}  // namespace model::pf
