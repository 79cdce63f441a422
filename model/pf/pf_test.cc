#include "model/pf/pf_test.h"

#include "model/kern/clock.h"
#include "model/net/if.h"
#include "model/net/mbuf.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_divert.h"
#include "model/pf/pf_eval.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_inp.h"
#include "model/pf/pf_ruleset.h"
#include "model/pf/pf_send.h"
#include "model/pf/pf_track.h"

namespace model::pf {

using namespace net;

namespace {

struct drop_reason {
    counter which;
    const char* name;  // the fate's; null: the packet passes
};

constexpr drop_reason passes = {counter::pf_match, nullptr};
constexpr drop_reason match = {counter::pf_match, "match"};
constexpr drop_reason short_packet = {counter::pf_short, "short"};
constexpr drop_reason fragment = {counter::pf_fragment, "fragment"};
constexpr drop_reason ip_option = {counter::pf_ip_option, "ip-option"};
constexpr drop_reason state_mismatch = {counter::pf_state_mismatch, "state-mismatch"};
constexpr drop_reason state_insert = {counter::pf_state_insert, "state-insert"};
constexpr drop_reason translate = {counter::pf_translate, "translate"};

// Who has decided on a packet: its state, or a rule. A reference to whichever it is.
struct decision {
    drop_reason why = passes;
    pf_state* state = nullptr;
    pf_rule* rule = nullptr;  // null if there is a state: it has the rule
    int16_t rtableid = -1;    // of rules, if there is no state
};

const pf_rule_spec& rule_of(const decision& d) {
    return d.state != nullptr ? d.state->rule->spec : d.rule->spec;
}

// ---- packets without a state ----------------------------------------------------------------------

// Two packets of one new connection both find no state; they come here one after the other, and the second finds itself
// in the way of the first: its state is not inserted, and it is dropped. pf_lock is held.
pf_state* create_state_locked(stack& st, const pf_pdesc& pd, const pf_verdict& v) {
    pf_state* s = pf_state_make(st);
    s->rule = pf_rule_ref(v.rule);
    s->anchor = pf_rule_ref(v.anchor);
    for (pf_rule* r : v.match_rules) {
        s->match_rules.push_back(pf_rule_ref(r));
    }
    s->kif = v.rule->spec.if_bound ? pd.kif : st.pf->kif_all;
    s->direction = pd.dir;
    s->rtableid = v.rtableid;
    s->creation = kern::getuptime(st.clock);
    s->expire.store(s->creation, std::memory_order_relaxed);
    pf_init_peers(*s, pd);
    pf_state_key* before = pf_alloc_state_key(st, pd.key(pd.at));
    pf_state_key* behind =
        pd.at == pd.want ? pf_state_key_ref(st, before) : pf_alloc_state_key(st, pd.key(pd.want));
    const bool in = pd.dir == pf_dir::in;
    pf_state_ref(s);  // the packet's; the other one is the list's
    if (!pf_state_insert(st, s, in ? before : behind, in ? behind : before)) {
        pf_state_unref(st, s);
        pf_state_unref(st, s);
        return nullptr;
    }
    return s;
}

drop_reason apply_rule_locked(stack& st, const pf_pdesc& pd, const pf_verdict& v,
                              pf_state** state) {
    const pf_rule_spec& r = v.rule->spec;
    if (r.action == pf_action::block) {
        return match;
    }
    if (pd.has_options && !r.allow_opts) {
        return ip_option;
    }
    if (pd.fragment) {
        return v.translated ? fragment : passes;  // its ports cannot be translated
    }
    if (!r.keep_state || pd.icmp_error) {
        return passes;
    }
    *state = create_state_locked(st, pd, v);
    return *state == nullptr ? state_insert : passes;
}

decision test_rules(stack& st, pf_pdesc& pd) {
    decision d;
    pf_verdict v;
    kern::rw_enter_write(st.pf->lock);
    if (!pf_eval_rules_locked(*st.pf, pd, v)) {
        d.why = translate;
    } else {
        if (v.rtableid >= 0) {
            pd.want.rdomain =
                static_cast<uint8_t>(rtable_l2(st, static_cast<unsigned>(v.rtableid)));
        }
        d.rtableid = v.rtableid;
        d.why = apply_rule_locked(st, pd, v, &d.state);
    }
    // The rule may leave its list as soon as the lock is given up.
    d.rule = d.state == nullptr ? pf_rule_ref(v.rule) : nullptr;
    kern::rw_exit(st.pf->lock);
    return d;
}

// ---- all packets ----------------------------------------------------------------------------------

decision decide(stack& st, pf_pdesc& pd) {
    decision d;
    pf_found found = pf_found::none;
    if (!pd.fragment) {
        found =
            pd.icmp_error ? pf_test_state_icmp(st, pd, &d.state) : pf_test_state(st, pd, &d.state);
    }
    switch (found) {
        case pf_found::none:
            return test_rules(st, pd);
        case pf_found::drop:
            d.why = state_mismatch;
            return d;
        case pf_found::pass:
            if (pd.has_options && !d.state->rule->spec.allow_opts) {
                d.why = ip_option;
            }
            return d;
    }
    return d;
}

void divert(mbuf& m, const pf_rule_spec& r) {
    m.pf.flags |= PF_TAG_DIVERTED;
    m.pf.divert_addr = r.divert_addr;
    m.pf.divert_port = r.divert_port;
    m.pf.divert_reply = r.divert == pf_divert_kind::reply;
}

// By which table the packet goes on: its state may lead into another domain, and back; who goes the way of the first
// packet goes by the table of the rule, whatever domain that belongs to. True: it is in another domain than before.
bool set_table(mbuf& m, const pf_pdesc& pd, const decision& d) {
    const bool changes = pd.want.rdomain != pd.at.rdomain;
    if (changes) {
        m.ph_rtableid = pd.want.rdomain;
    }
    int16_t table = d.rtableid;
    if (d.state != nullptr) {
        table = pd.dir == d.state->direction ? d.state->rtableid : int16_t{-1};
    }
    if (table >= 0) {
        m.ph_rtableid = static_cast<uint8_t>(table);
    }
    return changes;
}

// The packet goes on: what it is now, and what those who have it next are to know.
void let_pass(stack& st, pf_pdesc& pd, const decision& d) {
    mbuf& m = *pd.m;
    const bool dst_changes = pd.want.dst != pd.at.dst;
    const bool domain_changes = set_table(m, pd, d);
    if (!pd.fragment && !pd.icmp_error) {
        pf_translate(pd);
    }
    if (d.state != nullptr) {
        pf_state_key* stack_key = d.state->key[pf_sk_stack];
        if (pd.dir == pf_dir::in) {
            if (!pd.icmp_error) {
                pf_mbuf_link_state_key(st, m, stack_key);
            }
        } else if (m.pf.inp != nullptr) {
            pf_state_key_link_inpcb(st, stack_key, m.pf.inp);
        }
    }
    if ((dst_changes || domain_changes) && pd.dir == pf_dir::out) {
        m.pf.flags |= PF_TAG_REROUTE;
    } else if (dst_changes && netinet::in_loopback(pd.at.dst)) {
        m.pf.flags |= PF_TAG_TRANSLATE_LOCALHOST;
    }
    if (pd.dir == pf_dir::in && pf_diverts_to_socket(rule_of(d).divert)) {
        divert(m, rule_of(d));
    }
}

void refuse(stack& st, const pf_pdesc& pd, const decision& d) {
    counter_inc(st, d.why.which);
    if (d.rule != nullptr && d.rule->spec.action == pf_action::block) {
        pf_answer(st, pd, d.rule->spec.answer);  // no lock is held
    }
    m_drop(st, pd.m, d.why.name);
}

bool has_passed_already(mbuf& m) {
    constexpr uint8_t once = PF_TAG_DIVERTED_PACKET | PF_TAG_REFRAGMENTED;
    if ((m.pf.flags & PF_TAG_GENERATED) != 0) {
        return true;
    }
    const bool passed = (m.pf.flags & once) != 0;
    m.pf.flags &= static_cast<uint8_t>(~once);
    return passed;
}

}  // namespace

bool pf_test(stack& st, pf_dir dir, ifnet& ifp, mbuf* m, bool* diverted) {
    pfi_kif* kif = ifp.if_pf_kif;
    if (!pf_is_running(st) || kif->skip.load(std::memory_order_relaxed) || has_passed_already(*m)) {
        return true;
    }
    pf_pdesc pd;
    pd.m = m;
    pd.kif = kif;
    pd.dir = dir;
    if (!pf_setup_pdesc(st, pd)) {
        counter_inc(st, short_packet.which);
        m_drop(st, m, short_packet.name);
        return false;
    }
    const decision d = decide(st, pd);
    const bool pass = d.why.name == nullptr;
    const bool diverts = pass && rule_of(d).divert == pf_divert_kind::packet;
    const uint16_t port = diverts ? rule_of(d).divert_port : 0;
    if (pass) {
        let_pass(st, pd, d);
    } else {
        refuse(st, pd, d);
    }
    pf_state_unref(st, d.state);
    pf_rule_unref(st, d.rule);
    if (diverts) {
        netinet::divert_packet(st, m, ifp, dir == pf_dir::in, port);
    }
    if (diverted != nullptr) {
        *diverted = diverts;
    }
    return pass && !diverts;
}

}  // namespace model::pf
