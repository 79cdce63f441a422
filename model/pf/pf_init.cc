#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pfvar.h"
#include "sim/annotate.h"

namespace model::pf {

void pf_init(net::stack& st) {
    st.pf = new pf_softc;
    heddle_name(&st.pf->inp_mtx, "pf_inp_mtx");
    heddle_invariant_of(&st.pf->inp_mtx, "keys and pcbs have each other", pf_inp_symmetric, &st);
}

void pf_destroy(net::stack& st) {
    kern::kassert(kern::pool_live(st.pf->state_key_pool) == 0, "pf_destroy: a key is in use");
    delete st.pf;
    st.pf = nullptr;
}

}  // namespace model::pf
