#include "model/net/rtable_map.h"
#include "model/netinet/in.h"
#include "model/pf/pf_names.h"
#include "model/pf/pf_parser.h"

namespace model::pf {

// ---- what stands first --------------------------------------------------------------------------

bool pf_parser::block_answer(pf_rule_lists& r) {
    r.spec.answer = block_returns_ ? pf_return::both : pf_return::drop;
    if (accept("drop")) {
        r.spec.answer = pf_return::drop;
    } else if (accept("return")) {
        r.spec.answer = pf_return::both;
    } else if (accept("return-rst")) {
        r.spec.answer = pf_return::rst;
    } else if (accept("return-icmp")) {
        r.spec.answer = pf_return::icmp;
    }
    return true;
}

// Direction, quick, interface, family, protocol.
bool pf_parser::head(pf_rule_lists& r) {
    if (accept("in")) {
        r.spec.direction = pf_dir::in;
    } else if (accept("out")) {
        r.spec.direction = pf_dir::out;
    }
    r.spec.quick = accept("quick");
    if (accept("on") && !interface_list(r)) {
        return false;
    }
    r.spec.inet = accept("inet");
    return !accept("proto") || proto_list(r);
}

bool pf_parser::interface_list(pf_rule_lists& r) {
    return list([&] {
        pf_interface_item item;
        item.negated = accept("!");
        if (accept("rdomain")) {
            if (!table_number("rdomain id out of range", item.rdomain)) {
                return false;
            }
            r.interfaces.push_back(item);
            return true;
        }
        if (lexer_.peek().kind != pf_token_kind::word) {
            return unexpected("expected an interface");
        }
        item.name = lexer_.take().text;
        r.interfaces.push_back(item);
        return true;
    });
}

bool pf_parser::table_number(const char* out_of_range, int16_t& table) {
    const pf_token number = lexer_.peek();
    const auto found = parse_u32(number.text, UINT32_MAX);
    if (number.kind != pf_token_kind::word || !found) {
        return unexpected("expected the number of a routing table");
    }
    if (*found > net::rt_tableid_max) {
        return wrong(number, out_of_range);
    }
    (void)lexer_.take();
    table = static_cast<int16_t>(*found);
    return true;
}

bool pf_parser::proto_list(pf_rule_lists& r) {
    return list([&] {
        const pf_token& next = lexer_.peek();
        const auto proto = parse_proto(next.text);
        if (next.kind != pf_token_kind::word) {
            return unexpected("expected a protocol");
        }
        if (!proto || *proto == 0) {
            return wrong(next, "unknown protocol " + next.text);
        }
        (void)lexer_.take();
        r.protos.push_back(*proto);
        return true;
    });
}

// ---- from and to --------------------------------------------------------------------------------

bool pf_parser::hosts(pf_rule_lists& r) {
    if (accept("all")) {
        return true;
    }
    if (accept("from")) {
        if (!is("port") && !host_list(r.src_hosts)) {
            return false;
        }
        if (accept("port") && !port_list(r.src_ports)) {
            return false;
        }
    }
    if (accept("to")) {
        if (!is("port") && !host_list(r.dst_hosts)) {
            return false;
        }
        if (accept("port") && !port_list(r.dst_ports)) {
            return false;
        }
    }
    return true;
}

bool pf_parser::host_list(std::vector<pf_addr_wrap>& hosts) {
    return list([&] { return one_host(hosts); });
}

bool pf_parser::one_host(std::vector<pf_addr_wrap>& hosts) {
    pf_addr_wrap host;
    host.neg = accept("!");
    if (accept("any")) {
        hosts.push_back(host);
        return true;
    }
    const pf_token first = lexer_.peek();
    if (first.kind != pf_token_kind::word) {
        return unexpected("expected any or an address");
    }
    (void)lexer_.take();
    host.any = false;
    const bool with_length = accept("/");
    if (with_length) {
        const auto plen = parse_u32(lexer_.peek().text, 32);
        if (!plen) {
            return wrong(lexer_.peek(), "illegal netmask value /" + lexer_.peek().text);
        }
        (void)lexer_.take();
        host.plen = static_cast<uint8_t>(*plen);
    }
    const auto found = parse_ipv4(first.text, with_length);
    if (!found) {
        return wrong(first, "could not parse host specification",
                     "no IP address found for " + first.text);
    }
    host.addr = *found & netinet::in_mask(host.plen);
    if (host.plen == 0) {
        host = {.any = true, .neg = host.neg, .addr = 0, .plen = 32};
    }
    hosts.push_back(host);
    return true;
}

bool pf_parser::port_list(std::vector<pf_port_wrap>& ports) {
    return list([&] { return one_port(ports); });
}

// A name or a number, with an operator before or between two; "low:high" is one word.
bool pf_parser::one_port(std::vector<pf_port_wrap>& ports) {
    pf_port_wrap port{.op = pf_op::eq};
    if (lexer_.peek().kind == pf_token_kind::mark) {
        const auto op = parse_op(lexer_.peek().text);
        if (!op || *op == pf_op::inside || *op == pf_op::outside) {
            return unexpected("expected a port");
        }
        (void)lexer_.take();
        port.op = *op;
    }
    pf_token first = lexer_.peek();
    if (first.kind != pf_token_kind::word) {
        return unexpected("expected a port");
    }
    (void)lexer_.take();
    pf_token second = first;
    const size_t colon = first.text.find(':');
    if (port.op == pf_op::eq && colon != std::string::npos) {
        port.op = pf_op::range;
        second.text = first.text.substr(colon + 1);
        first.text.resize(colon);
    } else if (is("><") || is("<>")) {
        port.op = *parse_op(lexer_.take().text);
        second = lexer_.take();
    }
    if (!port_number(first, port.low)) {
        return false;
    }
    const bool two =
        port.op == pf_op::range || port.op == pf_op::inside || port.op == pf_op::outside;
    if (two && !port_number(second, port.high)) {
        return false;
    }
    ports.push_back(port);
    return true;
}

bool pf_parser::port_number(const pf_token& token, uint16_t& port) {
    const auto number = parse_port(token.text);
    if (!number) {
        const bool digits = token.text.find_first_not_of("0123456789") == std::string::npos;
        return wrong(token, (digits ? "illegal port value " : "unknown port ") + token.text);
    }
    port = *number;
    return true;
}

bool pf_parser::address(uint32_t& address) {
    const pf_token& next = lexer_.peek();
    const auto found = parse_ipv4(next.text, false);
    if (next.kind != pf_token_kind::word || !found) {
        return unexpected("expected an address");
    }
    (void)lexer_.take();
    address = *found;
    return true;
}

// ---- what stands behind -------------------------------------------------------------------------

bool pf_parser::options(pf_rule_lists& r) {
    while (lexer_.peek().kind == pf_token_kind::word) {
        const pf_token word = lexer_.take();
        bool ok = true;
        if (word.text == "flags") {
            ok = flags(r);
        } else if (word.text == "keep" || word.text == "no") {
            ok = state(r, word);
        } else if (word.text == "icmp-type") {
            ok = icmp_type(r);
        } else if (word.text == "allow-opts") {
            r.spec.allow_opts = true;
        } else if (word.text == "label") {
            const pf_token_kind kind = lexer_.peek().kind;
            ok = kind == pf_token_kind::word || kind == pf_token_kind::string
                     ? true
                     : unexpected("expected a label");
            r.spec.label = ok ? lexer_.take().text : "";
        } else if (word.text == "rtable") {
            ok = table_number("invalid rtable id", r.spec.rtableid);
        } else if (word.text == "nat-to") {
            ok = pool(r, r.spec.nat, true);
        } else if (word.text == "rdr-to") {
            ok = pool(r, r.spec.rdr, false);
        } else if (word.text == "divert-to") {
            ok = divert_to(r);
        } else if (word.text == "divert-packet") {
            ok = divert_packet(r);
        } else if (word.text == "divert-reply") {
            ok =
                r.spec.divert == pf_divert_kind::none || wrong(word, "more than one divert option");
            r.spec.divert = pf_divert_kind::reply;
        } else {
            ok = wrong(word, "syntax error", "found '" + word.text + "', which no rule knows");
        }
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool pf_parser::flags(pf_rule_lists& r) {
    r.flags_said = true;
    if (accept("any")) {
        return true;
    }
    std::string set;
    if (!is("/")) {
        set = lexer_.take().text;
    }
    if (!want("/")) {
        return false;
    }
    const pf_token mask = lexer_.take();
    const auto flags = parse_flags(set);
    const auto flagset = parse_flags(mask.text);
    if (!flags || !flagset || *flagset == 0) {
        return wrong(mask, "bad flags " + set + "/" + mask.text, "letters of FSRPAUEW");
    }
    r.spec.flags = *flags;
    r.spec.flagset = *flagset;
    return true;
}

bool pf_parser::state(pf_rule_lists& r, const pf_token& first) {
    if (!want("state")) {
        return false;
    }
    if (r.spec.action == pf_action::block) {
        return wrong(first, first.text + " state on block rules doesn't make sense");
    }
    r.state_said = true;
    r.spec.keep_state = first.text == "keep";
    if (!r.spec.keep_state || !accept("(")) {
        return true;
    }
    r.spec.if_bound = accept("if-bound");
    if (!r.spec.if_bound && !accept("floating")) {
        return unexpected("expected if-bound or floating");
    }
    return want(")");
}

bool pf_parser::icmp_type(pf_rule_lists& r) {
    const pf_token& next = lexer_.peek();
    const auto type = parse_icmp_type(next.text);
    if (!type) {
        return wrong(next, "unknown icmp-type " + next.text);
    }
    (void)lexer_.take();
    r.spec.icmp_type = *type;
    if (accept("code")) {
        const auto code = parse_u32(lexer_.peek().text, 255);
        if (!code) {
            return wrong(lexer_.peek(), "illegal icmp-code " + lexer_.peek().text);
        }
        (void)lexer_.take();
        r.spec.icmp_code = static_cast<int16_t>(*code);
    }
    return true;
}

bool pf_parser::pool(pf_rule_lists& r, pf_pool& pool, bool nat) {
    if (r.spec.action == pf_action::block) {
        return unexpected("a block rule translates nothing");
    }
    pool.set = true;
    if (!address(pool.addr)) {
        return false;
    }
    if (accept("port")) {
        std::vector<pf_port_wrap> ports;
        if (!one_port(ports)) {
            return false;
        }
        pool.port_low = ports[0].low;
        pool.port_high = ports[0].op == pf_op::range ? ports[0].high : ports[0].low;
    }
    pool.static_port = nat && accept("static-port");
    return true;
}

bool pf_parser::divert_to(pf_rule_lists& r) {
    if (r.spec.divert != pf_divert_kind::none) {
        return wrong(lexer_.peek(), "more than one divert option");
    }
    r.spec.divert = pf_divert_kind::to;
    if (!address(r.spec.divert_addr) || !want("port")) {
        return false;
    }
    return port_number(lexer_.take(), r.spec.divert_port);
}

bool pf_parser::divert_packet(pf_rule_lists& r) {
    if (r.spec.divert != pf_divert_kind::none) {
        return wrong(lexer_.peek(), "more than one divert option");
    }
    r.spec.divert = pf_divert_kind::packet;
    return want("port") && port_number(lexer_.take(), r.spec.divert_port);
}

}  // namespace model::pf
