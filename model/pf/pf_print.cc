#include "model/pf/pf_print.h"

#include "model/netinet/in.h"
#include "model/netinet/in_text.h"
#include "model/pf/pf_names.h"

namespace model::pf {

namespace {

std::string action_text(const pf_rule_spec& r) {
    switch (r.action) {
        case pf_action::pass:
            return "pass";
        case pf_action::match:
            return "match";
        case pf_action::anchor:
            return r.anchor.starts_with('_') ? "anchor" : "anchor \"" + r.anchor + "\"";
        case pf_action::block:
            break;
    }
    switch (r.answer) {
        case pf_return::drop:
            return "block drop";
        case pf_return::both:
            return "block return";
        case pf_return::rst:
            return "block return-rst";
        case pf_return::icmp:
            return "block return-icmp";
    }
    return "";
}

std::string address_of(const pf_addr_wrap& a) {
    if (a.any) {
        return "any";
    }
    return (a.neg ? "! " : "") + netinet::address_text(a.addr) +
           (a.plen == 32 ? "" : "/" + std::to_string(a.plen));
}

std::string port_of(const pf_port_wrap& p) {
    const std::string low = std::to_string(p.low);
    const std::string high = std::to_string(p.high);
    switch (p.op) {
        case pf_op::none:
            return "";
        case pf_op::range:
            return " port " + low + ":" + high;
        case pf_op::inside:
        case pf_op::outside:
            return " port " + low + " " + op_text(p.op) + " " + high;
        default:
            return std::string(" port ") + op_text(p.op) + " " + low;
    }
}

std::string hosts_text(const pf_rule_spec& r) {
    if (r.src == pf_rule_addr{} && r.dst == pf_rule_addr{}) {
        return " all";
    }
    return " from " + address_of(r.src.addr) + port_of(r.src.port) + " to " +
           address_of(r.dst.addr) + port_of(r.dst.port);
}

std::string flags_part(const pf_rule_spec& r) {
    if (r.flags != 0 || r.flagset != 0) {
        return " flags " + flags_text(r.flags) + "/" + flags_text(r.flagset);
    }
    const bool could_have = r.proto == 0 || r.proto == netinet::ipproto_tcp;
    return could_have && r.keep_state ? " flags any" : "";
}

std::string pool_text(const char* word, const pf_pool& pool, bool nat) {
    if (!pool.set) {
        return "";
    }
    std::string text = std::string(" ") + word + " " + netinet::address_text(pool.addr);
    if (pool.port_low != 0) {
        text += " port " + std::to_string(pool.port_low);
        if (pool.port_high != pool.port_low) {
            text += ":" + std::to_string(pool.port_high);
        }
    }
    return text + (nat && pool.static_port ? " static-port" : "");
}

std::string divert_text(const pf_rule_spec& r) {
    switch (r.divert) {
        case pf_divert_kind::to:
            return " divert-to " + netinet::address_text(r.divert_addr) + " port " +
                   std::to_string(r.divert_port);
        case pf_divert_kind::reply:
            return " divert-reply";
        case pf_divert_kind::packet:
            return " divert-packet port " + std::to_string(r.divert_port);
        case pf_divert_kind::none:
            break;
    }
    return "";
}

std::string icmp_part(const pf_rule_spec& r) {
    if (r.icmp_type < 0) {
        return "";
    }
    const std::string type = " icmp-type " + icmp_type_text(static_cast<uint8_t>(r.icmp_type));
    return r.icmp_code < 0 ? type : type + " code " + std::to_string(r.icmp_code);
}

// Every line of the rules with so many blanks in front.
std::string rules_text(const std::vector<pf_config_rule>& rules, size_t indent) {
    std::string text;
    for (const pf_config_rule& rule : rules) {
        text.append(indent, ' ').append(pf_rule_text(rule.spec));
        if (rule.spec.anchor_here) {
            text += " {\n" + rules_text(rule.inside, indent + 2);
            text.append(indent, ' ').append("}");
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string pf_rule_text(const pf_rule_spec& r) {
    std::string text = action_text(r);
    if (r.direction != pf_dir::inout) {
        text += r.direction == pf_dir::in ? " in" : " out";
    }
    text += r.quick ? " quick" : "";
    if (!r.ifname.empty()) {
        text += std::string(" on ") + (r.ifnot ? "! " : "") + r.ifname;
    }
    if (r.onrdomain >= 0) {
        text +=
            std::string(" on ") + (r.ifnot ? "! " : "") + "rdomain " + std::to_string(r.onrdomain);
    }
    text += r.inet ? " inet" : "";
    text += r.proto != 0 ? " proto " + proto_text(r.proto) : "";
    text += hosts_text(r) + flags_part(r) + icmp_part(r);
    if (r.action == pf_action::pass && !r.keep_state) {
        text += " no state";
    }
    text += r.keep_state && r.if_bound ? " keep state (if-bound)" : "";
    text += r.allow_opts ? " allow-opts" : "";
    text += r.label.empty() ? "" : " label \"" + r.label + "\"";
    text += r.rtableid < 0 ? "" : " rtable " + std::to_string(r.rtableid);
    return text + divert_text(r) + pool_text("nat-to", r.nat, true) +
           pool_text("rdr-to", r.rdr, false);
}

std::string pf_config_text(const pf_config& config) {
    std::string text;
    for (const auto& [name, value] : config.macros) {
        text += name + " = \"" + value + "\"\n";
    }
    for (const std::string& option : config.options) {
        text += option + "\n";
    }
    return text + rules_text(config.rules, 0);
}

}  // namespace model::pf
