#include "model/admin/route_print.h"

#include "model/admin/rtsock.h"
#include "model/admin/text.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::admin {

using namespace net;

namespace {

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
    {RTF_MPATH, 'P', "MPATH"},
    {RTF_LOCAL, 'l', "LOCAL"},
    {RTF_BROADCAST, 'b', "BROADCAST"},
    {RTF_CONNECTED, 'n', "CONNECTED"},
};

}  // namespace

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

std::string route_flags_text(uint32_t flags) {
    std::string text;
    for (const flag_name& f : flag_names) {
        if ((flags & f.flag) != 0) {
            text += (text.empty() ? "" : ",") + std::string(f.name);
        }
    }
    return text;
}

namespace {

std::string letters_text(uint32_t flags) {
    std::string letters;
    for (const flag_name& f : flag_names) {
        if ((flags & f.flag) != 0) {
            letters += f.letter;
        }
    }
    return letters;
}

std::string mtu_text(const rtentry& rt) {
    return rt.rt_mtu.load() == 0 ? "-" : std::to_string(rt.rt_mtu.load());
}

}  // namespace

std::string route_head() {
    return left("Destination", 18) + " " + left("Gateway", 18) + " " + left("Flags", 6) + " " +
           right("Refs", 5) + " " + right("Use", 8) + " " + right("Mtu", 5) + "  Prio Iface\n";
}

std::string route_row(stack& st, const rtentry& rt) {
    const std::string letters = letters_text(rt.rt_flags.load());
    // The table's own reference is none of a user.
    const uint32_t refs = kern::refcnt_read(rt.rt_refcnt) - 1;
    return left(destination_text(rt.rt_dest, rt.rt_plen), 18) + " " + left(gateway_text(rt), 18) +
           " " + left(letters, 6) + " " + right(std::to_string(refs), 5) + " " + right("-", 8) +
           " " + right(mtu_text(rt), 5) + "   " +
           right(std::to_string(rt.rt_priority.load() & RTP_MASK), 3) + " " +
           interface_name(st, rt) + "\n";
}

namespace {

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

}  // namespace

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
    const unsigned priority = rt.rt_priority.load() & RTP_MASK;
    const char* name = priority_name(priority);
    print_field(out, "priority",
                std::to_string(priority) + (name == nullptr ? "" : " (" + std::string(name) + ")"));
    print_field(out, "flags", "<" + route_flags_text(rt.rt_flags.load()) + ">");
    // What only a route has that a size was learnt for.
    if (const int64_t left = rt_timer_get_expire(st, rt); left != 0) {
        out += right("use", 8) + " " + right("mtu", 8) + " " + right("expire", 8) + "\n" +
               right("-", 8) + " " + right(mtu_text(rt), 8) + " " + right(std::to_string(left), 8) +
               "\n";
    }
}

}  // namespace model::admin
