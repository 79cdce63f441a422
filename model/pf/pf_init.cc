#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_invariant.h"
#include "model/pf/pf_ioctl.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"
#include "sim/annotate.h"

namespace model::pf {

using namespace net;

void pf_init(stack& st) {
    st.pf = new pf_softc;
    pf_softc& pf = *st.pf;
    heddle_name(&pf.pfioctl_rw, "pfioctl_rw");
    heddle_name(&pf.pfs_rwl, "pfs_rwl");
    heddle_name(&pf.lock, "pf_lock");
    heddle_name(&pf.state_lock, "pf_state_lock");
    heddle_name(&pf.list_mtx, "pfs_mtx");
    heddle_name(&pf.inp_mtx, "pf_inp_mtx");
    heddle_invariant_of(&pf.state_lock, "keys and states have each other", pf_trees_sound, &st);
    heddle_invariant_of(&pf.lock, "rules lead to what is there", pf_rulesets_sound, &st);
    heddle_invariant_of(&pf.inp_mtx, "keys and pcbs have each other", pf_inp_symmetric, &st);
    heddle_invariant("references to keys are counted", pf_keys_referenced, &st);
    heddle_invariant("references to rules are counted", pf_rules_referenced, &st);
    for (unsigned n = 0; n < pftm_max; ++n) {
        pf.timeouts[n].store(pf_timeouts[n].seconds, std::memory_order_relaxed);
    }
    pf_purge_init(st);
    pf.default_rule = pf_rule_make(st, {}, 0);
    pf.kif_all = pfi_kif_ref_locked(pf, "all");
}

void pf_shutdown(stack& st) {
    if (st.pf->running.load(std::memory_order_relaxed)) {
        kern::kassert(pf_ioc_stop(st) == 0, "pf_shutdown: somebody else stops pf");
    }
}

namespace {

void free_states(stack& st) {
    while (pf_state* s = st.pf->list_head) {
        pf_remove_state_locked(st, s);
        pf_free_state_locked(st, s);
    }
}

void free_rules(stack& st) {
    pf_softc& pf = *st.pf;
    pf_flush_rules_locked(st, "");
    while (!pf.anchors.empty()) {
        const std::string name = pf.anchors.begin()->first;
        (void)pf_begin_rules_locked(st, name);
        pf_commit_rules_locked(st, name);
    }
    (void)pf_begin_rules_locked(st, "");
}

}  // namespace

// Nobody runs any more.
void pf_destroy(stack& st) {
    pf_softc& pf = *st.pf;
    free_states(st);
    free_rules(st);
    pfi_set_skip_locked(pf, {});
    pfi_kif_unref_locked(pf, pf.kif_all);
    pf_rule_unref(st, pf.default_rule);
    kern::kassert(pf.kifs.empty(), "pf_destroy: an interface is in use");
    kern::kassert(kern::pool_live(pf.rule_pool) == 0, "pf_destroy: a rule is in use");
    kern::kassert(kern::pool_live(pf.state_pool) == 0, "pf_destroy: a state is in use");
    kern::kassert(kern::pool_live(pf.state_key_pool) == 0, "pf_destroy: a key is in use");
    delete st.pf;
    st.pf = nullptr;
}

}  // namespace model::pf
