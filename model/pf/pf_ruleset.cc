#include "model/pf/pf_ruleset.h"

#include <cerrno>
#include <utility>

#include "model/net/stack.h"
#include "model/pf/pf_if.h"

namespace model::pf {

using namespace net;

pf_rule* pf_rule_make(stack& st, const pf_rule_spec& spec, unsigned nr) {
    auto* r = kern::pool_get<pf_rule>(st.pf->rule_pool, spec, nr);
    heddle_name(r, ("rule " + std::to_string(nr)).c_str());
    return r;
}

pf_rule* pf_rule_ref(pf_rule* r) {
    if (r != nullptr) {
        kern::refcnt_take(r->refcnt);
    }
    return r;
}

void pf_rule_unref(stack& st, pf_rule* r) {
    if (r != nullptr && kern::refcnt_rele(r->refcnt)) {
        kern::pool_put(st.pf->rule_pool, r);
    }
}

// ---- rulesets by name ---------------------------------------------------------------------------

namespace {

pf_anchor& find_or_create_anchor(pf_softc& pf, const std::string& name) {
    std::unique_ptr<pf_anchor>& anchor = pf.anchors[name];
    if (anchor == nullptr) {
        anchor = std::make_unique<pf_anchor>();
    }
    return *anchor;
}

pf_ruleset& find_or_create_ruleset(pf_softc& pf, const std::string& name) {
    return name.empty() ? pf.rules : find_or_create_anchor(pf, name).rules;
}

void remove_if_empty(pf_softc& pf, const std::string& name) {
    const auto at = pf.anchors.find(name);
    if (at == pf.anchors.end()) {
        return;
    }
    const pf_anchor& a = *at->second;
    if (a.refs == 0 && a.rules.active.empty() && a.rules.inactive.empty() && !a.rules.open) {
        pf.anchors.erase(at);
    }
}

void purge(stack& st, std::vector<pf_rule*>& list);

// The rule leaves its list. States and packets may still have it, but nobody is evaluated by it again. The
// rules that stood in braces behind an anchor go with the last rule that leads to them.
void detach_rule(stack& st, pf_rule* r) {
    pfi_kif_unref_locked(*st.pf, std::exchange(r->kif, nullptr));
    if (pf_anchor* anchor = std::exchange(r->anchor, nullptr); anchor != nullptr) {
        if (--anchor->refs == 0 && r->spec.anchor_here) {
            purge(st, anchor->rules.active);
        }
        remove_if_empty(*st.pf, r->spec.anchor);
    }
    pf_rule_unref(st, r);
}

void purge(stack& st, std::vector<pf_rule*>& list) {
    const std::vector<pf_rule*> rules = std::exchange(list, {});
    for (pf_rule* r : rules) {
        detach_rule(st, r);
    }
}

}  // namespace

pf_ruleset* pf_ruleset_or_null_locked(pf_softc& pf, const std::string& name) {
    if (name.empty()) {
        return &pf.rules;
    }
    const auto at = pf.anchors.find(name);
    return at == pf.anchors.end() ? nullptr : &at->second->rules;
}

// ---- transactions -------------------------------------------------------------------------------

uint32_t pf_begin_rules_locked(stack& st, const std::string& name) {
    pf_ruleset& rs = find_or_create_ruleset(*st.pf, name);
    purge(st, rs.inactive);
    rs.open = true;
    return ++rs.ticket;
}

int pf_check_ticket_locked(pf_softc& pf, const std::string& name, uint32_t ticket) {
    const pf_ruleset* rs = pf_ruleset_or_null_locked(pf, name);
    return rs != nullptr && rs->open && rs->ticket == ticket ? 0 : EBUSY;
}

int pf_add_rule_locked(stack& st, const std::string& name, uint32_t ticket,
                       const pf_rule_spec& spec) {
    pf_softc& pf = *st.pf;
    if (const int error = pf_check_ticket_locked(pf, name, ticket); error != 0) {
        return error;
    }
    if (spec.rtableid >= 0 && rtable_get(st, static_cast<unsigned>(spec.rtableid)) == nullptr) {
        return EBUSY;
    }
    pf_ruleset& rs = find_or_create_ruleset(pf, name);
    pf_rule* r = pf_rule_make(st, spec, static_cast<unsigned>(rs.inactive.size()));
    if (!spec.ifname.empty()) {
        r->kif = pfi_kif_ref_locked(pf, spec.ifname);
    }
    if (spec.action == pf_action::anchor) {
        r->anchor = &find_or_create_anchor(pf, spec.anchor);
        ++r->anchor->refs;
    }
    rs.inactive.push_back(r);
    return 0;
}

void pf_commit_rules_locked(stack& st, const std::string& name) {
    pf_ruleset& rs = find_or_create_ruleset(*st.pf, name);
    std::swap(rs.active, rs.inactive);
    rs.open = false;
    purge(st, rs.inactive);
    remove_if_empty(*st.pf, name);
}

void pf_rollback_rules_locked(stack& st, const std::string& name, uint32_t ticket) {
    if (pf_check_ticket_locked(*st.pf, name, ticket) == 0) {
        pf_ruleset& rs = find_or_create_ruleset(*st.pf, name);
        rs.open = false;
        purge(st, rs.inactive);
        remove_if_empty(*st.pf, name);
    }
}

void pf_flush_rules_locked(stack& st, const std::string& name) {
    pf_ruleset* rs = pf_ruleset_or_null_locked(*st.pf, name);
    if (rs != nullptr) {
        purge(st, rs->active);
        remove_if_empty(*st.pf, name);
    }
}

}  // namespace model::pf
