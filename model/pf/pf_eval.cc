#include "model/pf/pf_eval.h"

#include "model/netinet/in.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_ruleset.h"

namespace model::pf {

namespace {

bool address_matches(const pf_addr_wrap& a, uint32_t address) {
    return (a.any || netinet::in_same_network(address, a.addr, a.plen)) != a.neg;
}

bool port_matches(const pf_port_wrap& p, uint16_t port) {
    switch (p.op) {
        case pf_op::none:
            return true;
        case pf_op::eq:
            return port == p.low;
        case pf_op::ne:
            return port != p.low;
        case pf_op::lt:
            return port < p.low;
        case pf_op::le:
            return port <= p.low;
        case pf_op::gt:
            return port > p.low;
        case pf_op::ge:
            return port >= p.low;
        case pf_op::range:
            return port >= p.low && port <= p.high;
        case pf_op::inside:
            return port > p.low && port < p.high;
        case pf_op::outside:
            return port < p.low || port > p.high;
    }
    return false;
}

// What a rule says of the protocol's own header. A fragment has none that is looked at: a rule that wants to see it does
// not match.
bool header_matches(const pf_rule_spec& r, const pf_pdesc& pd) {
    if (pd.fragment) {
        return r.src.port.op == pf_op::none && r.dst.port.op == pf_op::none && r.flagset == 0 &&
               r.icmp_type < 0;
    }
    if (pd.proto == netinet::ipproto_tcp && (pd.tcp_flags & r.flagset) != r.flags) {
        return false;
    }
    if (pd.proto == netinet::ipproto_tcp || pd.proto == netinet::ipproto_udp) {
        return port_matches(r.src.port, pd.want.sport) && port_matches(r.dst.port, pd.want.dport);
    }
    if (pd.proto == netinet::ipproto_icmp) {
        if (r.keep_state && pd.icmp_answer) {
            return false;  // an answer makes no state
        }
        return (r.icmp_type < 0 || r.icmp_type == pd.icmp_type) &&
               (r.icmp_code < 0 || r.icmp_code == pd.icmp_code);
    }
    return true;
}

bool rule_matches(const pf_rule& rule, const pf_pdesc& pd) {
    const pf_rule_spec& r = rule.spec;
    const bool on_interface = rule.kif == nullptr || pfi_kif_match(r.ifname, *pd.kif) != r.ifnot;
    const bool in_domain = r.onrdomain < 0 || (r.onrdomain == pd.at.rdomain) != r.ifnot;
    return on_interface && in_domain && (r.direction == pf_dir::inout || r.direction == pd.dir) &&
           (r.proto == 0 || r.proto == pd.proto) && address_matches(r.src.addr, pd.want.src) &&
           address_matches(r.dst.addr, pd.want.dst) && header_matches(r, pd);
}

class evaluation {
  public:
    evaluation(pf_softc& pf, pf_pdesc& pd, pf_verdict& verdict)
        : pf_(pf), pd_(pd), verdict_(verdict) {}

    // False: translation failed. `anchor`: the rule that led to these rules.
    bool run(const std::vector<pf_rule*>& rules, pf_rule* anchor) {
        for (pf_rule* r : rules) {
            if (rule_matches(*r, pd_) && !apply(r, anchor)) {
                return false;
            }
            if (quick_) {
                break;
            }
        }
        return true;
    }

  private:
    bool apply(pf_rule* r, pf_rule* anchor) {
        if (r->spec.action == pf_action::anchor) {
            const unsigned before = matches_;
            if (!run(r->anchor->rules.active, r)) {
                return false;
            }
            // Of an anchor: nothing behind it is looked at if something inside has matched.
            quick_ = quick_ || (r->spec.quick && matches_ != before);
            return true;
        }
        ++matches_;
        if (r->spec.action == pf_action::match) {
            verdict_.match_rules.push_back(r);
            verdict_.translated = verdict_.translated || r->spec.nat.set || r->spec.rdr.set;
            verdict_.rtableid = r->spec.rtableid < 0 ? verdict_.rtableid : r->spec.rtableid;
            quick_ = r->spec.quick;
            return pf_get_transaddr_locked(pf_, pd_, r->spec);
        }
        verdict_.rule = r;
        verdict_.anchor = anchor;
        quick_ = r->spec.quick;
        return true;
    }

    pf_softc& pf_;
    pf_pdesc& pd_;
    pf_verdict& verdict_;
    unsigned matches_ = 0;
    bool quick_ = false;
};

}  // namespace

bool pf_eval_rules_locked(pf_softc& pf, pf_pdesc& pd, pf_verdict& verdict) {
    verdict.rule = pf.default_rule;
    if (!evaluation(pf, pd, verdict).run(pf.rules.active, nullptr)) {
        return false;
    }
    const pf_rule_spec& r = verdict.rule->spec;
    verdict.rtableid = r.rtableid < 0 ? verdict.rtableid : r.rtableid;
    if (r.action == pf_action::pass && (r.nat.set || r.rdr.set)) {
        verdict.translated = true;
        return pf_get_transaddr_locked(pf, pd, r);
    }
    return true;
}

}  // namespace model::pf
