#include "model/netinet/in_pcb_route.h"

#include "model/netinet/in_pcb.h"

namespace model::netinet {

namespace {

// Acquires what the one before has left there, and releases what is left for the next.
bool moves(pcb_route& pr, uint32_t from, uint32_t to) {
    return pr.state.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                            std::memory_order_relaxed);
}

}  // namespace

using_route::using_route(inpcb& inp)
    : lender_(moves(inp.inp_route, pcb_route::there, pcb_route::lent) ? &inp.inp_route : nullptr) {}

using_route::~using_route() {
    if (lender_ == nullptr || !moves(*lender_, pcb_route::lent, pcb_route::there)) {
        // Detaching has seen that it is lent, and leaves it to us.
        net::route_free(get());
    }
}

void in_pcbroute_free(inpcb& inp) {
    pcb_route& pr = inp.inp_route;
    if (pr.state.exchange(pcb_route::gone, std::memory_order_acq_rel) == pcb_route::there) {
        net::route_free(pr.ro);
    }
}

}  // namespace model::netinet
