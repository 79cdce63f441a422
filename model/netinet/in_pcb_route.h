// in_pcb_route.h - the route that a pcb's packets took last, lent to one sender at a time.
// Source:  inp_route of OpenBSD netinet/in_pcb.h; there the lock of the socket is held while a packet is sent.
// Shapes:  two who send by one socket at once: the first has the pcb's route, the other looks one up for
//          itself. Neither waits.
// Locks:   [a] atomic  [O] who has lent it, or has found it there at the end; nobody else looks at it.
//          Nothing is locked while it is lent: a packet on its way holds no lock of its socket's.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/net/route_cache.h"

namespace model::netinet {

struct inpcb;

// Part of the pcb.
struct pcb_route {
    enum owner : uint32_t { there, lent, gone };

    std::atomic<uint32_t> state{there};  // [a] gone: the pcb is detached, nothing is kept any more
    net::route ro;                       // [O]
};

// The pcb's route for one packet, or one of the sender's own. The sender has a reference to the pcb.
class using_route {
  public:
    explicit using_route(inpcb& inp);
    ~using_route();  // gives it back; to a pcb that has been detached meanwhile, nothing
    using_route(const using_route&) = delete;
    using_route& operator=(const using_route&) = delete;

    [[nodiscard]] net::route& get() { return lender_ == nullptr ? own_ : lender_->ro; }

  private:
    pcb_route* lender_;  // null: somebody else has it
    net::route own_;
};

// The pcb is detached: gives the route up, or leaves that to who has it.
void in_pcbroute_free(inpcb& inp);

}  // namespace model::netinet
