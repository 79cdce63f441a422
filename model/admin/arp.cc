#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/rtsock.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/if.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"

namespace model::admin {

using namespace net;

namespace {

// The priority of a clone, so that an entry of the administrator stands where a clone would; a
// published entry stands behind, and both may exist for one host.
constexpr unsigned entry_priority = RTP_CONNECTED - 1;
constexpr unsigned published_priority = RTP_STATIC;

int usage(std::string& out) {
    out +=
        "usage: arp [-adn] [-V rdomain] [hostname]\n"
        "       arp [-F] [-V rdomain] -s hostname ether_addr [temp | permanent] [pub]\n";
    return 1;
}

// ---- arp -a -------------------------------------------------------------------------------------

std::string row(stack& st, const rtentry& rt) {
    const uint32_t flags = rt.rt_flags.load();
    const ether_addr lladdr = netinet::arp_lladdr(rt);
    return left(address_text(rt.rt_dest), 36) + " " +
           left(lladdr == 0 ? "(incomplete)" : lladdr_text(lladdr), 17) + " " +
           right(interface_name(st, rt), 7) + " " + left(expire_text(st, rt), 9) + " " +
           ((flags & RTF_LOCAL) != 0 ? "l" : "") + ((flags & RTF_ANNOUNCE) != 0 ? "p" : "") + "\n";
}

int dump(stack& st, std::optional<uint32_t> only, unsigned rdomain, std::string& out) {
    std::string rows;
    kern::rw_enter_read(st.conf_lock);
    for (const rtentry* rt : routes_locked(st, rdomain)) {
        if (is_neighbour(*rt) && (!only || *only == rt->rt_dest)) {
            rows += row(st, *rt);
        }
    }
    kern::rw_exit(st.conf_lock);
    if (rows.empty() && only) {
        out += address_text(*only) + " (" + address_text(*only) + ") -- no entry\n";
        return 1;
    }
    out += left("Host", 36) + " " + left("Ethernet Address", 17) + " " + right("Netif", 7) + " " +
           left("Expire", 9) + " Flags\n" + rows;
    return 0;
}

// ---- arp -s -------------------------------------------------------------------------------------

struct entry {
    std::string host;
    uint32_t address = 0;
    unsigned rdomain = 0;
    ether_addr lladdr = 0;
    int64_t expire = 0;
    uint32_t flags = RTF_HOST | RTF_STATIC;
    [[nodiscard]] bool published() const { return (flags & RTF_ANNOUNCE) != 0; }
};

int read_entry(stack& st, arguments args, entry& e, std::string& out) {
    const auto address = parse_address(args[0]);
    const auto lladdr = parse_lladdr(args[1]);
    if (!address) {
        return errx(out, "arp", std::string(args[0]) + ": no address associated with name");
    }
    if (!lladdr) {
        return errx(out, "arp", "invalid ethernet address: " + std::string(args[1]));
    }
    e.host = args[0];
    e.address = *address;
    e.lladdr = *lladdr;
    for (std::string_view word : args.subspan(2)) {
        if (word == "temp") {
            e.expire = kern::getuptime(st.clock) + netinet::arpt_keep;
        } else if (word == "permanent") {
            e.flags |= RTF_PERMANENT_ARP;
        } else if (word == "pub") {
            e.flags |= RTF_ANNOUNCE;
        } else {
            return usage(out);
        }
    }
    // Either it ends or nobody may overwrite it.
    return e.expire != 0 && (e.flags & RTF_PERMANENT_ARP) != 0 ? usage(out) : 0;
}

// The neighbour entry that RTM_ADD would stand beside, if gateway routes use it: it is changed in
// place, since they would go on with the old one (a deleted next hop) for ever.
rtentry* cached_entry_or_null(stack& st, const entry& e) {
    const unsigned priority = e.published() ? published_priority : entry_priority;
    rtentry* rt = rtable_lookup_locked(st, e.address, 32, priority, e.rdomain);
    const bool cached =
        rt != nullptr && is_neighbour(*rt) && (rt->rt_flags.load() & RTF_CACHED) != 0;
    return cached ? rt : nullptr;
}

int rtm_add_locked(stack& st, const entry& e, const rtentry& over) {
    rt_addrinfo info;
    info.dest = e.address;
    info.plen = 32;
    info.flags = e.flags;
    info.priority = e.published() ? published_priority : entry_priority;
    info.ifidx = over.rt_ifidx;
    info.ifa = over.rt_ifa;
    info.lladdr = e.lladdr;
    info.expire = e.expire;
    return rtrequest_add_locked(st, info, nullptr, e.rdomain);
}

int set_locked(stack& st, const entry& e, std::string& out) {
    // RTM_GET: over which interface the host is reached.
    rtentry* over = rtalloc_locked(st, e.address, 0, e.rdomain);
    if (over == nullptr) {
        return err(out, "arp", e.host, ESRCH);
    }
    const uint32_t flags = over->rt_flags.load();
    int status = 0;
    if (over->rt_dest == e.address && over->rt_plen == 32 &&
        (flags & (RTF_LOCAL | RTF_BROADCAST)) != 0) {
        out += "set: can only proxy for " + e.host + "\n";
        status = 1;
    } else if ((flags & RTF_GATEWAY) != 0) {
        out += "cannot intuit interface index and type for " + e.host + "\n";
        status = 1;
    } else if (rtentry* cached = cached_entry_or_null(st, e); cached != nullptr) {
        // Before the address: a neighbour must not overwrite what it may not any more.
        if ((e.flags & RTF_PERMANENT_ARP) == 0) {
            cached->rt_flags.fetch_and(~RTF_PERMANENT_ARP);
        }
        cached->rt_flags.fetch_or(e.flags);
        netinet::arp_set_locked(st, *cached, e.lladdr, e.expire);
        rtm_send_locked(st, RTM_CHANGE, *cached);
    } else if (const int error = rtm_add_locked(st, e, *over); error != 0) {
        status = err(out, "arp", "writing to routing socket", error);
    }
    rtfree(over);
    return status;
}

// ---- arp -d -------------------------------------------------------------------------------------

int delete_entry_locked(stack& st, const std::string& host, rtentry& rt, std::string& out) {
    const uint32_t address = rt.rt_dest;
    if (const int error = rtm_delete_locked(st, rt); error != 0) {
        return err(out, "arp", "writing to routing socket", error);
    }
    out += host + " (" + address_text(address) + ") deleted\n";
    return 0;
}

// The entry that is meant by a host's name: the one that packets use, else the published one.
rtentry* entry_or_null(stack& st, uint32_t address, unsigned rdomain) {
    rtentry* rt = rtable_lookup_locked(st, address, 32, RTP_ANY, rdomain);
    if (rt != nullptr && !is_neighbour(*rt)) {
        rt = rtable_lookup_locked(st, address, 32, published_priority, rdomain);
    }
    return rt == nullptr || !is_neighbour(*rt) ? nullptr : rt;
}

int delete_locked(stack& st, const std::string& host, uint32_t address, unsigned rdomain,
                  std::string& out) {
    rtentry* over = rtalloc_locked(st, address, 0, rdomain);
    if (over == nullptr) {
        return err(out, "arp", host, ESRCH);
    }
    rtfree(over);
    rtentry* rt = entry_or_null(st, address, rdomain);
    if (rt == nullptr) {
        return errx(out, "arp", "delete: can't locate " + host);
    }
    if ((rt->rt_flags.load() & RTF_LOCAL) != 0) {
        return 0;  // ours: nothing to forget
    }
    return delete_entry_locked(st, host, *rt, out);
}

// Each by itself: a published entry goes even if the one before it only forgets its address.
void delete_all_locked(stack& st, unsigned rdomain, std::string& out) {
    for (rtentry* rt : routes_locked(st, rdomain)) {
        if (is_neighbour(*rt) && (rt->rt_flags.load() & RTF_LOCAL) == 0) {
            (void)delete_entry_locked(st, address_text(rt->rt_dest), *rt, out);
        }
    }
}

int delete_entries(stack& st, std::optional<std::string_view> host, unsigned rdomain,
                   std::string& out) {
    const auto address = host ? parse_address(*host) : std::nullopt;
    if (host && !address) {
        return errx(out, "arp", std::string(*host) + ": no address associated with name");
    }
    int status = 0;
    kern::rw_enter_write(st.conf_lock);
    if (host) {
        status = delete_locked(st, std::string(*host), *address, rdomain, out);
    } else {
        delete_all_locked(st, rdomain, out);
    }
    kern::rw_exit(st.conf_lock);
    return status;
}

int set(stack& st, arguments args, bool replace, unsigned rdomain, std::string& out) {
    if (args.size() < 2) {
        return usage(out);
    }
    entry e;
    e.rdomain = rdomain;
    if (const int status = read_entry(st, args, e, out); status != 0) {
        return status;
    }
    kern::rw_enter_write(st.conf_lock);
    if (replace) {
        std::string ignored;
        (void)delete_locked(st, e.host, e.address, rdomain, ignored);
    }
    const int status = set_locked(st, e, out);
    kern::rw_exit(st.conf_lock);
    return status;
}

}  // namespace

int arp(stack& st, arguments args, std::string& out) {
    std::string options;
    unsigned rdomain = 0;
    while (!args.empty() && args[0].starts_with('-')) {
        if (args[0] == "-V") {
            const auto table = args.size() < 2 ? std::nullopt : parse_table(args[1]);
            if (!table) {
                return usage(out);
            }
            rdomain = *table;
            args = args.subspan(2);
            continue;
        }
        options += args[0].substr(1);
        args = args.subspan(1);
    }
    const auto has = [&](char option) { return options.find(option) != std::string::npos; };
    if (options.find_first_not_of("adnsF") != std::string::npos) {
        return usage(out);
    }
    if (has('s')) {
        return set(st, args, has('F'), rdomain, out);
    }
    if (has('d') && (has('a') ? args.empty() : args.size() == 1)) {
        return delete_entries(st, has('a') ? std::nullopt : std::optional(args[0]), rdomain, out);
    }
    if (has('d') || args.size() > 1 || has('a') != args.empty()) {
        return usage(out);
    }
    if (has('a')) {
        return dump(st, std::nullopt, rdomain, out);
    }
    const auto address = parse_address(args[0]);
    if (!address) {
        return errx(out, "arp", std::string(args[0]) + ": no address associated with name");
    }
    return dump(st, address, rdomain, out);
}

}  // namespace model::admin
