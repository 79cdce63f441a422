#include "model/netinet/in.h"
#include "model/pf/pf_rule_lists.h"

namespace model::pf {

namespace {

bool has_ports(uint8_t proto) {
    return proto == netinet::ipproto_tcp || proto == netinet::ipproto_udp;
}

// What pfctl says is wrong with one rule, or null.
const char* inconsistency_or_null(const pf_rule_spec& r, std::string* hint) {
    const bool ports = r.src.port.op != pf_op::none || r.dst.port.op != pf_op::none;
    if (ports && !has_ports(r.proto)) {
        *hint = "say proto tcp or proto udp";
        return "port only applies to tcp/udp";
    }
    if (r.flagset != 0 && r.proto != 0 && r.proto != netinet::ipproto_tcp) {
        return "flags only apply to tcp";
    }
    if (r.icmp_type >= 0 && r.proto != netinet::ipproto_icmp) {
        *hint = "say proto icmp";
        return "icmp-type/code only applies to icmp";
    }
    if ((r.nat.set || r.rdr.set) && r.direction == pf_dir::inout) {
        *hint = "say in or out";
        return "nat-to and rdr-to require a direction";
    }
    if (r.divert == pf_divert_kind::reply && r.direction == pf_dir::in) {
        return "divert-reply used with incoming rule";
    }
    if (r.divert == pf_divert_kind::to && r.direction == pf_dir::out) {
        return "divert-to used with outgoing rule";
    }
    if (r.divert != pf_divert_kind::none && r.action != pf_action::pass) {
        return "divert is only for pass rules";
    }
    return nullptr;
}

// What is not said, and what an address means besides.
void set_defaults(const pf_rule_lists& lists, pf_rule_spec& r) {
    r.inet = r.inet || !r.src.addr.any || !r.dst.addr.any || r.nat.set || r.rdr.set ||
             r.divert == pf_divert_kind::to;
    if (r.action != pf_action::pass) {
        r.keep_state = r.if_bound = false;
        return;
    }
    r.keep_state = lists.state_said ? r.keep_state : true;
    r.if_bound = r.if_bound && r.keep_state;
    const bool tcp = r.proto == 0 || r.proto == netinet::ipproto_tcp;
    if (r.keep_state && tcp && !lists.flags_said) {
        r.flags = th_syn;
        r.flagset = th_syn | th_ack;
    }
    if (!tcp && r.flags == th_syn && r.flagset == (th_syn | th_ack)) {
        r.flags = 0;  // of a list with other protocols in it, or what all rules say
        r.flagset = 0;
    }
}

template <typename T>
std::vector<T> or_any(const std::vector<T>& list) {
    return list.empty() ? std::vector<T>(1) : list;
}

class expansion {
  public:
    expansion(const pf_rule_lists& lists, pf_config& config, std::vector<pf_config_rule>& rules)
        : lists_(lists), config_(config), rules_(rules) {}

    void run() {
        for (const pf_interface_item& interface : or_any(lists_.interfaces)) {
            for (const uint8_t proto : or_any(lists_.protos)) {
                pf_rule_spec r = lists_.spec;
                r.ifname = interface.name;
                r.ifnot = interface.negated;
                r.onrdomain = interface.rdomain;
                r.proto = proto;
                with_source(r);
            }
        }
        if (made_ == 0) {
            complain("rule expands to no valid combination", "");
        }
    }

  private:
    void with_source(pf_rule_spec& r) {
        for (const pf_addr_wrap& host : or_any(lists_.src_hosts)) {
            for (const pf_port_wrap& port : or_any(lists_.src_ports)) {
                r.src = {host, port};
                with_destination(r);
            }
        }
    }
    void with_destination(pf_rule_spec& r) {
        for (const pf_addr_wrap& host : or_any(lists_.dst_hosts)) {
            for (const pf_port_wrap& port : or_any(lists_.dst_ports)) {
                r.dst = {host, port};
                add(r);
            }
        }
    }
    void add(pf_rule_spec r) {
        set_defaults(lists_, r);
        std::string hint;
        if (const char* wrong = inconsistency_or_null(r, &hint); wrong != nullptr) {
            complain(wrong, hint);
            complain("skipping rule due to errors", "");
            return;
        }
        ++made_;
        rules_.push_back({r, {}, lists_.line, lists_.column});
    }
    void complain(const std::string& what, const std::string& hint) {
        config_.errors.push_back({lists_.line, lists_.column, what, hint});
    }

    const pf_rule_lists& lists_;
    pf_config& config_;
    std::vector<pf_config_rule>& rules_;
    unsigned made_ = 0;
};

}  // namespace

void pf_expand(const pf_rule_lists& lists, pf_config& config, std::vector<pf_config_rule>& rules) {
    expansion(lists, config, rules).run();
}

}  // namespace model::pf
