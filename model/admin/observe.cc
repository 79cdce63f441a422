#include "model/admin/observe.h"

#include "model/admin/monitor.h"
#include "model/admin/route_print.h"
#include "model/admin/rtsock.h"
#include "model/admin/socket_observe.h"
#include "model/admin/sysctl.h"
#include "model/admin/text.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/pf/pf_name.h"
#include "model/pf/pfvar.h"

namespace model::admin {

using namespace net;

namespace {

std::string prefix_text(const rtentry& rt) {
    return address_text(rt.rt_dest) + "/" + std::to_string(rt.rt_plen);
}

// What the tree should say, found without the tree.
const rtentry* match_linear_or_null(const rtable& table, uint32_t address) {
    const rtentry* best = nullptr;
    for (const rtentry* rt = table.all_head; rt != nullptr; rt = rt->rt_all_next) {
        const bool covers = (address & plen_to_mask(rt->rt_plen)) == rt->rt_dest;
        const bool better =
            best == nullptr || rt->rt_plen > best->rt_plen ||
            (rt->rt_plen == best->rt_plen && rt->rt_priority.load() < best->rt_priority.load());
        best = covers && better ? rt : best;
    }
    return best;
}

// Gateway and priority of each route that shares the destination, in their order: 10.0.2.2 8 + 10.0.3.2 8 down.
std::string paths_text(const rtentry* rt) {
    std::string text;
    for (; rt != nullptr; rt = rt->rt_next.get_locked()) {
        const unsigned priority = rt->rt_priority.load();
        text += (text.empty() ? "" : " + ") + gateway_text(*rt) + " " +
                std::to_string(priority & RTP_MASK) + ((priority & RTP_DOWN) != 0 ? " down" : "");
    }
    return text;
}

// route ADDRESS, route linear ADDRESS: the prefix of the route that a packet to there takes. route mtu ADDRESS: its own
// MTU, 0 if it has none. route paths ADDRESS: all that share its destination. route table N ...: the same of that table.
bool observe_route(stack& st, arguments words, std::string& out) {
    const bool named = words.size() >= 2 && words[0] == "table";
    const auto number = named ? parse_table(words[1]) : std::optional(0U);
    const rtable* table = number ? rtable_get_locked(st, *number) : nullptr;
    words = named ? words.subspan(2) : words;
    const bool linear = words.size() == 2 && words[0] == "linear";
    const auto address = parse_address(words.empty() ? "" : words.back());
    const bool mtu = words.size() == 2 && words[0] == "mtu";
    const bool paths = words.size() == 2 && words[0] == "paths";
    if (!number || !address || (words.size() != 1 && !linear && !mtu && !paths)) {
        return false;
    }
    if (table == nullptr) {
        out = "none";
        return true;
    }
    const art_node* an = art_match(table->root, *address);
    const rtentry* best = an == nullptr ? nullptr : an->an_rtlist.get_locked();
    const rtentry* rt = linear ? match_linear_or_null(*table, *address) : best;
    out = rt == nullptr ? "none"
          : mtu         ? std::to_string(rt->rt_mtu.load())
          : paths       ? paths_text(rt)
                        : prefix_text(*rt);
    return true;
}

// Address, interface, expiry, flags, in the words of `arp -n`; two entries for one host are joined by +.
std::string entries_text(stack& st, uint32_t address, unsigned tableid) {
    std::string text;
    for (const rtentry* rt : routes_locked(st, tableid)) {
        if (rt->rt_dest != address || rt->rt_plen != 32 || !is_neighbour(*rt)) {
            continue;
        }
        const ether_addr lladdr = netinet::arp_lladdr(*rt);
        const uint32_t flags = rt->rt_flags.load();
        text += (text.empty() ? "" : " + ") + (lladdr == 0 ? "incomplete" : lladdr_text(lladdr)) +
                " " + interface_name(st, *rt) + " " + expire_text(st, *rt) +
                ((flags & (RTF_LOCAL | RTF_ANNOUNCE)) != 0 ? " " : "") +
                ((flags & RTF_LOCAL) != 0 ? "l" : "") + ((flags & RTF_ANNOUNCE) != 0 ? "p" : "");
    }
    return text.empty() ? "none" : text;
}

// arp ADDRESS: the neighbour's link-level address. arp entry ADDRESS: all that is known of it. arp table N ...: the same
// in that routing domain. arp held: packets that wait.
bool observe_arp(stack& st, arguments words, std::string& out) {
    if (words.size() == 1 && words[0] == "held") {
        out = std::to_string(st.arp->hold_total);
        return true;
    }
    const bool named = words.size() >= 2 && words[0] == "table";
    const auto number = named ? parse_table(words[1]) : std::optional(0U);
    words = named ? words.subspan(2) : words;
    const bool all = words.size() == 2 && words[0] == "entry";
    const auto address = parse_address(words.empty() ? "" : words.back());
    if (!number || !address || (words.size() != 1 && !all)) {
        return false;
    }
    if (all) {
        out = entries_text(st, *address, *number);
        return true;
    }
    const rtentry* rt = rtable_lookup_locked(st, *address, 32, RTP_ANY, *number);
    if (rt == nullptr || !is_neighbour(*rt)) {
        out = "none";
        return true;
    }
    const ether_addr lladdr = netinet::arp_lladdr(*rt);
    out = lladdr == 0 ? "incomplete" : lladdr_text(lladdr);
    return true;
}

bool observe_sysctl(stack& st, arguments words, std::string& out) {
    const sysctl_variable* v = words.size() == 1 ? sysctl_variable_or_null(words[0]) : nullptr;
    if (v == nullptr) {
        return false;
    }
    out = std::to_string((st.ip->*v->value).load());
    return true;
}

// pfctl states, pfctl rules: how many there are in the trees, in the main ruleset.
bool observe_pfctl(stack& st, arguments words, std::string& out) {
    if (words.size() != 1 || (words[0] != "states" && words[0] != "rules")) {
        return false;
    }
    out = std::to_string(words[0] == "states" ? st.pf->states.size() : st.pf->rules.active.size());
    return true;
}

// key(ST).inp, which comes as three words.
bool observe_key(stack& st, arguments words, std::string& out) {
    return words.size() == 2 && words[1].substr(0, 1) == "." &&
           pf::pf_state_key_named(st, words[0], words[1].substr(1), out);
}

struct observable {
    std::string_view word;
    bool (*ask)(stack& st, arguments words, std::string& out);
};

constexpr observable observables[] = {
    {"arp", observe_arp},         {"foreign", observe_foreign}, {"got", observe_got},
    {"joined", observe_joined},   {"key", observe_key},         {"local", observe_local},
    {"members", observe_members}, {"monitor", observe_monitor}, {"pfctl", observe_pfctl},
    {"queued", observe_queued},   {"route", observe_route},     {"sysctl", observe_sysctl},
    {"state", observe_state},
};

}  // namespace

bool observe(stack& st, arguments words, std::string& out) {
    for (const observable& o : observables) {
        if (!words.empty() && words[0] == o.word) {
            return o.ask(st, words.subspan(1), out);
        }
    }
    return false;
}

}  // namespace model::admin
