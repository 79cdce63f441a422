#include "model/pf/pf_invariant.h"

#include "model/kern/invariant.h"
#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

int pf_inp_symmetric(void* argument) {
    const pf_softc& pf = *static_cast<stack*>(argument)->pf;
    for (const pf_state_key* sk : pf.inp_keys) {
        const netinet::inpcb* inp = sk->sk_inp.load(std::memory_order_relaxed);
        if (inp == nullptr || inp->inp_pf_sk.load(std::memory_order_relaxed) != sk) {
            return kern::broken("the key of port %u has %s", sk->cmp.port[1],
                                inp == nullptr ? "lost its pcb" : "a pcb that has another key");
        }
    }
    for (const netinet::inpcb* inp : pf.inp_pcbs) {
        const pf_state_key* sk = inp->inp_pf_sk.load(std::memory_order_relaxed);
        if (sk == nullptr || sk->sk_inp.load(std::memory_order_relaxed) != inp) {
            return kern::broken("pcb %s has %s", inp->inp_name,
                                sk == nullptr ? "lost its key" : "a key that has another pcb");
        }
    }
    return 1;
}

}  // namespace model::pf
