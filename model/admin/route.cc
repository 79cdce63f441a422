#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/monitor.h"
#include "model/admin/route_print.h"
#include "model/admin/rtsock.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::admin {

using namespace net;

namespace {

// ---- its arguments ------------------------------------------------------------------------------

constexpr uint32_t mtu_min = 68;  // RFC 791: every link can carry this

struct request {
    std::string verb;
    std::string dest_text;
    std::string gateway_text;
    inet_prefix dest;
    std::optional<uint32_t> gateway;
    unsigned tableid = 0;
    unsigned priority = 0;         // 0: not given
    uint32_t mtu = 0;              // 0: the interface's
    uint32_t flags = RTF_STATIC;   // of those that the administrator chooses
    bool host = false;             // -host
    bool interface_route = false;  // -iface: the gateway is an address of ours, and no router
    bool quiet = false;
};

int bad_value(std::string& out, std::string_view text) {
    return errx(out, "route", std::string(text) + ": bad value");
}

int usage(std::string& out, std::string_view keyword) {
    if (!keyword.empty()) {
        errx(out, "route", "botched keyword: " + std::string(keyword));
    }
    out += "usage: route [-nq] [-T rtable] command [modifiers] destination [gateway]\n";
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
    if (word == "-mtu") {
        r.mtu = parse_number(value, UINT16_MAX).value_or(0);
        return r.mtu >= mtu_min ? 0 : bad_value(out, value);
    }
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
    return word == "-netmask" || word == "-prefixlen" || word == "-priority" || word == "-mtu";
}

// Words that put a flag on the route, or take one off.
struct flag_word {
    std::string_view word;
    uint32_t on;
    uint32_t off;
};
constexpr flag_word flag_words[] = {
    {"-static", RTF_STATIC, 0},
    {"-nostatic", 0, RTF_STATIC},
    {"-reject", RTF_REJECT, RTF_BLACKHOLE},
    {"-blackhole", RTF_BLACKHOLE, RTF_REJECT},
    {"-cloning", RTF_CLONING, 0},
    {"-mpath", RTF_MPATH, 0},
};

bool read_flag(request& r, std::string_view word) {
    if (word == "-iface" || word == "-interface") {
        r.interface_route = true;
        return true;
    }
    for (const flag_word& f : flag_words) {
        if (f.word == word) {
            r.flags = (r.flags | f.on) & ~f.off;
            return true;
        }
    }
    return false;
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
        return read_flag(r, word) ? 0 : usage(out, word.substr(1));
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

int show(stack& st, unsigned tableid, std::string& out) {
    if (rtable_get(st, tableid) == nullptr) {
        return err(out, "route", "sysctl of routing table", ENOENT);
    }
    out += "Routing tables\n\nInternet:\n" + route_head();
    kern::rw_enter_read(st.conf_lock);
    for (const rtentry* rt : routes_locked(st, tableid)) {
        out += route_row(st, *rt);
    }
    kern::rw_exit(st.conf_lock);
    return 0;
}

// The address of that domain that an interface route goes out by, and its interface; null: it is none of ours.
ifaddr* ifa_ifwithaddr_locked(const stack& st, uint32_t address, unsigned rdomain) {
    for (const ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next) {
        ifaddr* ifa = ifp->if_rdomain == rdomain ? ifp->if_addrlist.get_locked() : nullptr;
        for (; ifa != nullptr; ifa = ifa->ifa_next.get_locked()) {
            if (ifa->ifa_addr == address) {
                return ifa;
            }
        }
    }
    return nullptr;
}

int rtm_add(stack& st, const request& r) {
    rt_addrinfo info;
    info.dest = r.dest.address & plen_to_mask(static_cast<uint8_t>(r.dest.len));
    info.plen = static_cast<uint8_t>(r.dest.len);
    info.flags = r.flags | (r.dest.len == 32 ? RTF_HOST : 0);
    info.priority = r.priority;
    info.mtu = r.mtu;
    // What is cloned would be a neighbour, which neither who is behind a router is, nor who is nowhere.
    const uint32_t no_neighbours = r.interface_route ? RTF_REJECT | RTF_BLACKHOLE : RTF_CLONING;
    if ((r.flags & no_neighbours) != 0) {
        return EINVAL;
    }
    info.makes_table = true;
    if (!r.interface_route) {
        info.flags |= RTF_GATEWAY;
        info.gateway = *r.gateway;
        return rtrequest_add_locked(st, info, nullptr, r.tableid);
    }
    info.ifa = ifa_ifwithaddr_locked(st, *r.gateway, rtable_l2(st, r.tableid));
    if (info.ifa == nullptr) {
        return ENETUNREACH;
    }
    // Who is there is asked one by one.
    info.flags |= RTF_CLONING;
    info.ifidx = info.ifa->ifa_ifidx;
    return rtrequest_add_locked(st, info, nullptr, r.tableid);
}

unsigned priority_or_any(const request& r) {
    return r.priority == 0 ? RTP_ANY : r.priority;
}

int rtm_delete(stack& st, const request& r) {
    const auto len = static_cast<uint8_t>(r.dest.len);
    const uint32_t dest = r.dest.address & plen_to_mask(len);
    if (rtable_get_locked(st, r.tableid) == nullptr) {
        return EINVAL;
    }
    rtentry* rt = r.gateway ? rtable_lookup_gateway_locked(st, dest, len, priority_or_any(r),
                                                           *r.gateway, r.tableid)
                            : rtable_lookup_locked(st, dest, len, priority_or_any(r), r.tableid);
    return rt == nullptr ? ESRCH : rtm_delete_locked(st, *rt);
}

int rtm_change(stack& st, const request& r) {
    const auto len = static_cast<uint8_t>(r.dest.len);
    return rtrequest_change_locked(st, r.dest.address & plen_to_mask(len), len, priority_or_any(r),
                                   *r.gateway, r.tableid);
}

// Who listens hears of what was refused, too.
void tell_refused(stack& st, const request& r, int error) {
    rt_message m;
    m.type = r.verb == "add" ? RTM_ADD : r.verb == "delete" ? RTM_DELETE : RTM_CHANGE;
    m.error = error;
    m.plen = static_cast<uint8_t>(r.dest.len);
    m.dest = r.dest.address & plen_to_mask(m.plen);
    m.priority = static_cast<uint8_t>(r.priority);
    m.flags = r.flags;
    m.gateway = r.gateway.value_or(0);
    m.tableid = static_cast<uint8_t>(r.tableid);
    rtm_miss_locked(st, m);
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
    if (error != 0) {
        tell_refused(st, r, error);
    }
    kern::rw_exit(st.conf_lock);
    if (!r.quiet || error != 0) {
        out += r.verb + (r.dest.len == 32 ? " host " : " net ") + r.dest_text;
        out += r.gateway ? ": gateway " + r.gateway_text : "";
        out += error == 0 ? "\n" : std::string(": ") + route_error_text(error) + "\n";
    }
    return error == 0 ? 0 : 1;
}

int get(stack& st, const request& r, std::string& out) {
    rtentry* rt = rtalloc(st, r.dest.address, 0, r.tableid);
    if (rt == nullptr) {
        return err(out, "route", "writing to routing socket", ESRCH);
    }
    print_route(st, *rt, r.dest.address, out);
    rtfree(rt);
    return 0;
}

// What flush deletes: neither the routes of our addresses nor those to our networks.
bool is_flushed(const rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load();
    return (flags & (RTF_GATEWAY | RTF_STATIC | RTF_LLINFO)) != 0 &&
           (flags & (RTF_LOCAL | RTF_BROADCAST)) == 0;
}

// Reads the table, and then deletes route by route, as the tool does: others come between.
int flush(stack& st, const request& r, std::string& out) {
    struct found {
        uint32_t dest;
        uint8_t plen;
        unsigned priority;
        uint32_t gateway;  // 0: none
        std::string text;
    };
    std::vector<found> list;
    kern::rw_enter_read(st.conf_lock);
    for (const rtentry* rt : routes_locked(st, r.tableid)) {
        if (is_flushed(*rt)) {
            list.push_back({rt->rt_dest, rt->rt_plen, rt->rt_priority.load(), rt->rt_gateway,
                            left(destination_text(rt->rt_dest, rt->rt_plen), 20) + " " +
                                left(gateway_text(*rt), 20) + " done\n"});
        }
    }
    kern::rw_exit(st.conf_lock);
    for (const found& f : list) {
        kern::rw_enter_write(st.conf_lock);
        rtentry* rt = f.gateway == 0
                          ? rtable_lookup_locked(st, f.dest, f.plen, f.priority, r.tableid)
                          : rtable_lookup_gateway_locked(st, f.dest, f.plen, f.priority, f.gateway,
                                                         r.tableid);
        const bool gone = rt != nullptr && rtm_delete_locked(st, *rt) == 0;
        kern::rw_exit(st.conf_lock);
        out += gone && !r.quiet ? f.text : "";
    }
    return 0;
}

// `route show` and `route flush`, which name no destination.
int whole_table(stack& st, const request& r, arguments args, std::string& out) {
    for (const std::string_view word : args) {
        if (word != "-inet" && word != "-n") {
            return usage(out, word);
        }
    }
    return r.verb == "show" ? show(st, r.tableid, out) : flush(st, r, out);
}

}  // namespace

namespace {

// What stands in front of the command; takes it off.
int read_options(request& r, arguments& args, std::string& out) {
    while (!args.empty() && args[0].starts_with('-')) {
        const std::string_view option = args[0];
        args = args.subspan(1);
        if (option == "-n" || option == "-q" || option == "-nq") {
            r.quiet = r.quiet || option != "-n";
            continue;
        }
        if (option != "-T" || args.empty()) {
            return usage(out, option.substr(1));
        }
        const auto table = parse_table(args[0]);
        if (!table) {
            return errx(out, "route", "invalid table id: " + std::string(args[0]));
        }
        r.tableid = *table;
        args = args.subspan(1);
    }
    return 0;
}

}  // namespace

int route(stack& st, arguments args, std::string& out) {
    request r;
    if (const int status = read_options(r, args, out); status != 0) {
        return status;
    }
    if (args.empty()) {
        return usage(out, "");
    }
    r.verb = args[0];
    if (r.verb == "show" || r.verb == "flush") {
        return whole_table(st, r, args.subspan(1), out);
    }
    if (r.verb == "monitor" || r.verb == "read" || r.verb == "close") {
        return monitor(st, r.verb, r.tableid, args.subspan(1), out);
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
