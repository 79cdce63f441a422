#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/rtsock.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::admin {

using namespace net;

namespace {

// ---- what it prints -----------------------------------------------------------------------------

struct flag_name {
    uint32_t flag;
    char letter;
    const char* name;
};
constexpr flag_name flag_names[] = {
    {RTF_UP, 'U', "UP"},
    {RTF_GATEWAY, 'G', "GATEWAY"},
    {RTF_HOST, 'H', "HOST"},
    {RTF_REJECT, 'R', "REJECT"},
    {RTF_DYNAMIC, 'D', "DYNAMIC"},
    {RTF_MODIFIED, 'M', "MODIFIED"},
    {RTF_CLONING, 'C', "CLONING"},
    {RTF_MULTICAST, 'm', "MULTICAST"},
    {RTF_LLINFO, 'L', "LLINFO"},
    {RTF_STATIC, 'S', "STATIC"},
    {RTF_BLACKHOLE, 'B', "BLACKHOLE"},
    {RTF_PERMANENT_ARP, '3', "PROTO3"},
    {RTF_ANNOUNCE, '2', "PROTO2"},
    {RTF_CLONED, 'c', "CLONED"},
    {RTF_CACHED, 'h', "CACHED"},
    {RTF_LOCAL, 'l', "LOCAL"},
    {RTF_BROADCAST, 'b', "BROADCAST"},
    {RTF_CONNECTED, 'n', "CONNECTED"},
};

std::string gateway_text(const rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load();
    if ((flags & RTF_GATEWAY) != 0) {
        return address_text(rt.rt_gateway);
    }
    if (is_neighbour(rt)) {
        const ether_addr lladdr = netinet::arp_lladdr(rt);
        return lladdr == 0 ? "link#" + std::to_string(rt.rt_ifidx) : lladdr_text(lladdr);
    }
    return rt.rt_ifa == nullptr ? "" : address_text(rt.rt_ifa->ifa_addr);
}

std::string mtu_text(const rtentry& rt) {
    return rt.rt_mtu.load() == 0 ? "-" : std::to_string(rt.rt_mtu.load());
}

std::string row(stack& st, const rtentry& rt) {
    std::string letters;
    for (const flag_name& f : flag_names) {
        if ((rt.rt_flags.load() & f.flag) != 0) {
            letters += f.letter;
        }
    }
    // The table's own reference is none of a user.
    const uint32_t refs = kern::refcnt_read(rt.rt_refcnt) - 1;
    return left(destination_text(rt.rt_dest, rt.rt_plen), 18) + " " + left(gateway_text(rt), 18) +
           " " + left(letters, 6) + " " + right(std::to_string(refs), 5) + " " + right("-", 8) +
           " " + right(mtu_text(rt), 5) + "   " + right(std::to_string(rt.rt_priority.load()), 3) +
           " " + interface_name(st, rt) + "\n";
}

int show(stack& st, std::string& out) {
    out += "Routing tables\n\nInternet:\n" + left("Destination", 18) + " " + left("Gateway", 18) +
           " " + left("Flags", 6) + " " + right("Refs", 5) + " " + right("Use", 8) + " " +
           right("Mtu", 5) + "  Prio Iface\n";
    kern::rw_enter_read(st.conf_lock);
    for (const rtentry* rt : routes_locked(st)) {
        out += row(st, *rt);
    }
    kern::rw_exit(st.conf_lock);
    return 0;
}

const char* priority_name(unsigned priority) {
    switch (priority) {
        case RTP_LOCAL:
            return "local";
        case RTP_CONNECTED:
            return "connected";
        case RTP_STATIC:
            return "static";
        case RTP_DEFAULT:
            return "default";
        default:
            return nullptr;
    }
}

void print_field(std::string& out, std::string_view name, std::string_view value) {
    out += right(std::string(name), 11) + ": " + std::string(value) + "\n";
}

void print_route(stack& st, const rtentry& rt, uint32_t wanted, std::string& out) {
    print_field(out, "route to", address_text(wanted));
    print_field(out, "destination", rt.rt_plen == 0 ? "default" : address_text(rt.rt_dest));
    print_field(out, "mask", rt.rt_plen == 0 ? "default" : address_text(plen_to_mask(rt.rt_plen)));
    if (!gateway_text(rt).empty()) {
        print_field(out, "gateway", gateway_text(rt));
    }
    print_field(out, "interface", interface_name(st, rt));
    if (rt.rt_ifa != nullptr) {
        print_field(out, "if address", address_text(rt.rt_ifa->ifa_addr));
    }
    const unsigned priority = rt.rt_priority.load();
    const char* name = priority_name(priority);
    print_field(out, "priority",
                std::to_string(priority) + (name == nullptr ? "" : " (" + std::string(name) + ")"));
    std::string flags;
    for (const flag_name& f : flag_names) {
        if ((rt.rt_flags.load() & f.flag) != 0) {
            flags += (flags.empty() ? "" : ",") + std::string(f.name);
        }
    }
    print_field(out, "flags", "<" + flags + ">");
    // What only a route has that a size was learnt for.
    if (const int64_t left = rt_timer_get_expire(st, rt); left != 0) {
        out += right("use", 8) + " " + right("mtu", 8) + " " + right("expire", 8) + "\n" +
               right("-", 8) + " " + right(mtu_text(rt), 8) + " " + right(std::to_string(left), 8) +
               "\n";
    }
}

// ---- its arguments ------------------------------------------------------------------------------

struct request {
    std::string verb;
    std::string dest_text;
    std::string gateway_text;
    inet_prefix dest;
    std::optional<uint32_t> gateway;
    unsigned priority = 0;  // 0: not given
    bool host = false;      // -host
    bool quiet = false;
};

int bad_value(std::string& out, std::string_view text) {
    return errx(out, "route", std::string(text) + ": bad value");
}

int usage(std::string& out, std::string_view keyword) {
    if (!keyword.empty()) {
        errx(out, "route", "botched keyword: " + std::string(keyword));
    }
    out += "usage: route [-nq] command [modifiers] destination [gateway]\n";
    return 1;
}

int read_destination(request& r, std::string_view text, std::string& out) {
    r.dest_text = text;
    if (text == "default") {
        r.dest = {0, 0, true};
        return 0;
    }
    const auto prefix = parse_prefix(text);
    if (!prefix) {
        return bad_value(out, text);
    }
    r.dest = *prefix;
    return 0;
}

int read_modifier(request& r, std::string_view word, std::string_view value, std::string& out) {
    const auto number = parse_number(value, 63);
    if (word == "-priority") {
        r.priority = number.value_or(0);
        return r.priority != 0 ? 0 : bad_value(out, value);
    }
    const auto len = word == "-netmask" ? parse_netmask(value) : number;
    if (!len || *len > 32) {
        return bad_value(out, value);
    }
    r.dest.len = *len;
    r.dest.len_given = true;
    return 0;
}

bool is_modifier_with_value(std::string_view word) {
    return word == "-netmask" || word == "-prefixlen" || word == "-priority";
}

int read_word(request& r, std::string_view word, std::string& out) {
    if (word == "-inet" || word == "-n" || word == "-net") {
        return 0;
    }
    if (word == "-host" || word == "-q") {
        (word == "-q" ? r.quiet : r.host) = true;
        return 0;
    }
    if (word.starts_with('-')) {
        return usage(out, word.substr(1));
    }
    if (r.dest_text.empty()) {
        return read_destination(r, word, out);
    }
    r.gateway = parse_address(word);
    r.gateway_text = word;
    return r.gateway ? 0 : bad_value(out, word);
}

int read_arguments(request& r, arguments args, std::string& out) {
    // Lengths are read behind the destination that they are of.
    for (size_t at = 0; at < args.size(); ++at) {
        if (is_modifier_with_value(args[at])) {
            ++at;
        } else if (const int status = read_word(r, args[at], out); status != 0) {
            return status;
        }
    }
    for (size_t at = 0; at < args.size(); ++at) {
        if (!is_modifier_with_value(args[at])) {
            continue;
        }
        if (at + 1 == args.size()) {
            return usage(out, args[at].substr(1));
        }
        if (const int status = read_modifier(r, args[at], args[at + 1], out); status != 0) {
            return status;
        }
        ++at;
    }
    if (r.host) {
        r.dest.len = 32;
    }
    return r.dest_text.empty() ? usage(out, "") : 0;
}

// ---- its commands -------------------------------------------------------------------------------

int rtm_add(stack& st, const request& r) {
    rt_addrinfo info;
    info.dest = r.dest.address & plen_to_mask(static_cast<uint8_t>(r.dest.len));
    info.plen = static_cast<uint8_t>(r.dest.len);
    info.flags = RTF_GATEWAY | RTF_STATIC | (r.dest.len == 32 ? RTF_HOST : 0);
    info.priority = r.priority;
    info.gateway = *r.gateway;
    return rtrequest_add_locked(st, info, nullptr);
}

unsigned priority_or_any(const request& r) {
    return r.priority == 0 ? RTP_ANY : r.priority;
}

int rtm_delete(stack& st, const request& r) {
    const auto len = static_cast<uint8_t>(r.dest.len);
    rtentry* rt =
        rtable_lookup_locked(st, r.dest.address & plen_to_mask(len), len, priority_or_any(r));
    const bool is_meant =
        rt != nullptr &&
        (!r.gateway || ((rt->rt_flags.load() & RTF_GATEWAY) != 0 && rt->rt_gateway == *r.gateway));
    return is_meant ? rtm_delete_locked(st, *rt) : ESRCH;
}

int rtm_change(stack& st, const request& r) {
    const auto len = static_cast<uint8_t>(r.dest.len);
    return rtrequest_change_locked(st, r.dest.address & plen_to_mask(len), len, priority_or_any(r),
                                   *r.gateway);
}

const char* route_error_text(int error) {
    switch (error) {
        case ESRCH:
            return "not in table";
        case EBUSY:
            return "entry in use";
        case ENOBUFS:
            return "routing table overflow";
        default:
            return error_text(error);
    }
}

int change(stack& st, const request& r, std::string& out) {
    const bool needs_gateway = r.verb != "delete";
    if (needs_gateway && !r.gateway) {
        return usage(out, "");
    }
    kern::rw_enter_write(st.conf_lock);
    const int error = r.verb == "add"      ? rtm_add(st, r)
                      : r.verb == "delete" ? rtm_delete(st, r)
                                           : rtm_change(st, r);
    kern::rw_exit(st.conf_lock);
    if (!r.quiet || error != 0) {
        out += r.verb + (r.dest.len == 32 ? " host " : " net ") + r.dest_text;
        out += r.gateway ? ": gateway " + r.gateway_text : "";
        out += error == 0 ? "\n" : std::string(": ") + route_error_text(error) + "\n";
    }
    return error == 0 ? 0 : 1;
}

int get(stack& st, const request& r, std::string& out) {
    rtentry* rt = rtalloc(st, r.dest.address, 0);
    if (rt == nullptr) {
        return err(out, "route", "writing to routing socket", ESRCH);
    }
    print_route(st, *rt, r.dest.address, out);
    rtfree(rt);
    return 0;
}

}  // namespace

int route(stack& st, arguments args, std::string& out) {
    request r;
    while (!args.empty() && (args[0] == "-n" || args[0] == "-q" || args[0] == "-nq")) {
        r.quiet = r.quiet || args[0] != "-n";
        args = args.subspan(1);
    }
    if (args.empty()) {
        return usage(out, "");
    }
    r.verb = args[0];
    if (r.verb == "show") {
        return show(st, out);
    }
    const bool changes = r.verb == "add" || r.verb == "delete" || r.verb == "change";
    if (!changes && r.verb != "get") {
        return usage(out, r.verb);
    }
    const int status = read_arguments(r, args.subspan(1), out);
    if (status != 0) {
        return status;
    }
    return changes ? change(st, r, out) : get(st, r, out);
}

}  // namespace model::admin
