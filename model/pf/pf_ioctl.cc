#include "model/pf/pf_ioctl.h"

#include <algorithm>
#include <cerrno>

#include "model/net/stack.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_state.h"

namespace model::pf {

using namespace net;

namespace {

// One ioctl that changes rules or interfaces.
class changing {
  public:
    explicit changing(stack& st) : pf_(*st.pf) {
        kern::rw_enter_write(pf_.pfioctl_rw);
        kern::rw_enter_write(pf_.lock);
    }
    ~changing() {
        kern::rw_exit(pf_.lock);
        kern::rw_exit(pf_.pfioctl_rw);
    }
    changing(const changing&) = delete;
    changing& operator=(const changing&) = delete;

  private:
    pf_softc& pf_;
};

}  // namespace

int pf_ioc_start(stack& st) {
    const changing lock(st);
    if (st.pf->running.exchange(true, std::memory_order_relaxed)) {
        return EEXIST;
    }
    pf_purge_arm_locked(st);
    return 0;
}

int pf_ioc_stop(stack& st) {
    {
        const changing lock(st);
        if (!st.pf->running.exchange(false, std::memory_order_relaxed)) {
            return ENOENT;
        }
    }
    pf_purge_stop(st);
    return 0;
}

// ---- transactions -------------------------------------------------------------------------------

void pf_ioc_xbegin(stack& st, std::vector<pf_trans_element>& elements) {
    const changing lock(st);
    for (pf_trans_element& e : elements) {
        e.ticket = pf_begin_rules_locked(st, e.name);
    }
}

int pf_ioc_addrule(stack& st, const pf_trans_element& element, const pf_rule_spec& spec) {
    const changing lock(st);
    return pf_add_rule_locked(st, element.name, element.ticket, spec);
}

int pf_ioc_xcommit(stack& st, const std::vector<pf_trans_element>& elements) {
    const changing lock(st);
    for (const pf_trans_element& e : elements) {
        if (const int error = pf_check_ticket_locked(*st.pf, e.name, e.ticket); error != 0) {
            return error;
        }
    }
    for (const pf_trans_element& e : elements) {
        pf_commit_rules_locked(st, e.name);
    }
    return 0;
}

void pf_ioc_xrollback(stack& st, const std::vector<pf_trans_element>& elements) {
    const changing lock(st);
    for (const pf_trans_element& e : elements) {
        pf_rollback_rules_locked(st, e.name, e.ticket);
    }
}

// ---- options, rules, states ---------------------------------------------------------------------

void pf_ioc_set_timeout(stack& st, pf_timeout which, uint32_t seconds) {
    const changing lock(st);
    // An interval of nothing would leave softclock no rest.
    const uint32_t least = which == pftm_interval ? 1 : 0;
    st.pf->timeouts[which].store(std::max(seconds, least), std::memory_order_relaxed);
    if (which == pftm_interval && st.pf->running.load(std::memory_order_relaxed)) {
        pf_purge_arm_locked(st);
    }
}

void pf_ioc_set_skip(stack& st, const std::vector<std::string>& names) {
    const changing lock(st);
    pfi_set_skip_locked(*st.pf, names);
}

int pf_ioc_getrules(stack& st, const std::string& name, std::vector<pf_rule_shown>& rules) {
    const changing lock(st);
    const pf_ruleset* rs = pf_ruleset_or_null_locked(*st.pf, name);
    if (rs == nullptr) {
        return ENOENT;
    }
    for (const pf_rule* r : rs->active) {
        pf_rule_shown& shown = rules.emplace_back(pf_rule_shown{r->spec, {}});
        if (r->spec.anchor_here) {
            for (const pf_rule* inner : r->anchor->rules.active) {
                shown.inside.push_back(inner->spec);
            }
        }
    }
    return 0;
}

void pf_ioc_clrrules(stack& st, const std::string& name) {
    const changing lock(st);
    pf_flush_rules_locked(st, name);
}

unsigned pf_ioc_killstates(stack& st, uint32_t src, uint32_t dst) {
    kern::rw_enter_write(st.pf->pfioctl_rw);
    const std::vector<pf_state*> all = pf_states_of_now(st);
    std::vector<pf_state*> wanted;
    for (pf_state* s : all) {
        const bool out = s->direction == pf_dir::out;
        const pf_key_cmp& k = s->key[out ? pf_sk_stack : pf_sk_wire]->cmp;
        if ((src == 0 || k.addr[out ? 1 : 0] == src) && (dst == 0 || k.addr[out ? 0 : 1] == dst)) {
            wanted.push_back(s);
        }
    }
    const unsigned killed = pf_kill_states(st, wanted);
    kern::rw_exit(st.pf->pfioctl_rw);
    pf_states_unref(st, all);
    return killed;
}

}  // namespace model::pf
