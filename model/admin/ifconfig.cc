#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/if.h"
#include "model/net/if_clone.h"
#include "model/net/if_group.h"
#include "model/net/if_pair.h"
#include "model/net/if_vlan.h"
#include "model/net/ifaddr.h"
#include "model/net/link_state.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"
#include "model/netinet/in_control.h"

namespace model::admin {

using namespace net;

namespace {

constexpr uint32_t mtu_min = 68;  // RFC 791: every link can carry this

// ---- what it prints -----------------------------------------------------------------------------

struct flag_name {
    uint32_t flag;
    const char* name;
};
constexpr flag_name flag_names[] = {
    {IFF_UP, "UP"},
    {IFF_BROADCAST, "BROADCAST"},
    {IFF_LOOPBACK, "LOOPBACK"},
    {IFF_STATICARP, "STATICARP"},
    {IFF_RUNNING, "RUNNING"},
    {IFF_NOARP, "NOARP"},
    {IFF_SIMPLEX, "SIMPLEX"},
    {IFF_MULTICAST, "MULTICAST"},
};

std::string flags_text(uint32_t flags) {
    std::string text = hex_text(flags) + "<";
    for (const flag_name& f : flag_names) {
        if ((flags & f.flag) != 0) {
            text += text.ends_with('<') ? "" : ",";
            text += f.name;
        }
    }
    return text + ">";
}

// What only interfaces of one kind have.
void print_kind_locked(stack& st, const ifnet& ifp, std::string& out) {
    if (ifp.if_vlan != nullptr) {
        const uint16_t tag = ifp.if_vlan->sc_tag.load();
        const ifnet* parent = vlan_parent_locked(st, ifp);
        out += "\tencap: vnetid " + (tag == 0 ? "none" : std::to_string(tag)) + " parent " +
               (parent == nullptr ? "none" : parent->if_xname) + " txprio packet rxprio outer\n";
    }
    if (const ifnet* peer = pair_peer_locked(st, ifp); peer != nullptr) {
        out += "\tpatch: " + std::string(peer->if_xname) + "\n";
    }
}

void print_interface_locked(stack& st, const ifnet& ifp, std::string& out) {
    const std::string rdomain =
        ifp.if_rdomain == 0 ? "" : " rdomain " + std::to_string(ifp.if_rdomain);
    const bool loopback = ifp.if_type == IFT_LOOP;
    out += std::string(ifp.if_xname) + ": flags=" + flags_text(ifp.if_flags.load() & 0xffff) +
           rdomain + " mtu " + std::to_string(ifp.if_mtu.load()) + "\n";
    out += loopback ? "" : "\tlladdr " + lladdr_text(if_lladdr(ifp)) + "\n";
    out += ifp.if_description.empty() ? "" : "\tdescription: " + ifp.if_description + "\n";
    out += "\tindex " + std::to_string(ifp.if_index) + " priority 0 llprio 3\n";
    print_kind_locked(st, ifp, out);
    std::string groups;
    for (const std::string& group : ifp.if_groups) {
        groups += " " + group;
    }
    out += groups.empty() ? "" : "\tgroups:" + groups + "\n";
    const bool link = ifp.if_link_state.load() != LINK_STATE_DOWN;
    out += loopback ? "" : link ? "\tstatus: active\n" : "\tstatus: no carrier\n";
    for (const ifaddr* ifa = ifp.if_addrlist.get_locked(); ifa != nullptr;
         ifa = ifa->ifa_next.get_locked()) {
        out += "\tinet " + address_text(ifa->ifa_addr) + " netmask 0x" +
               right(hex_text(ifa->ifa_netmask), 8);
        out +=
            ifa->ifa_plen < 31 && !loopback ? " broadcast " + address_text(ifa->ifa_broadaddr) : "";
        out += "\n";
    }
}

int show(stack& st, std::optional<std::string> name, std::string& out) {
    bool found = !name;
    kern::rw_enter_read(st.conf_lock);
    for (const ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next) {
        if (!name || *name == ifp->if_xname || if_in_group_locked(*ifp, *name)) {
            print_interface_locked(st, *ifp, out);
            found = true;
        }
    }
    kern::rw_exit(st.conf_lock);
    return found ? 0 : errx(out, *name, "no such interface");
}

int show_cloners(std::string& out) {
    for (const if_clone& cloner : if_cloners()) {
        out += std::string(&cloner == if_cloners().data() ? "" : " ") + cloner.name;
    }
    out += "\n";
    return 0;
}

// ---- what it changes, each like one ioctl -------------------------------------------------------

template <typename Function>
int with_interface(stack& st, const std::string& name, Function function) {
    kern::rw_enter_write(st.conf_lock);
    ifnet* ifp = if_unit_locked(st, name.c_str());
    const int error = ifp == nullptr ? ENXIO : function(*ifp);
    kern::rw_exit(st.conf_lock);
    return error;
}

int create(stack& st, const std::string& name) {
    kern::rw_enter_write(st.conf_lock);
    const int error = if_clone_create_locked(st, name.c_str(), nullptr);
    kern::rw_exit(st.conf_lock);
    return error;
}

int set_flags(stack& st, const std::string& name, uint32_t on, uint32_t off) {
    return with_interface(st, name, [&](ifnet& ifp) {
        if ((on & IFF_UP) != 0) {
            return if_up_locked(st, ifp);
        }
        if ((off & IFF_UP) != 0) {
            if_down_locked(st, ifp);
            return 0;
        }
        ifp.if_flags.fetch_or(on);
        ifp.if_flags.fetch_and(~off);
        return 0;
    });
}

// ---- what is done to interfaces of one kind -----------------------------------------------------

int set_parent(stack& st, const std::string& name, const std::string& parent, std::string& out) {
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        ifnet* ifp0 = if_unit_locked(st, parent.c_str());
        return ifp0 == nullptr ? EINVAL : vlan_set_parent_locked(st, ifp, ifp0);
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFPARENT", error);
}

int delete_parent(stack& st, const std::string& name, std::string& out) {
    const int error = with_interface(
        st, name, [&](ifnet& ifp) { return vlan_set_parent_locked(st, ifp, nullptr); });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCDIFPARENT", error);
}

int set_vnetid(stack& st, const std::string& name, std::string_view text, std::string& out) {
    const auto vnetid = parse_number(text, INT32_MAX);
    if (!vnetid) {
        return errx(out, "ifconfig", "vnetid " + std::string(text) + ": invalid");
    }
    const int error = *vnetid == 0 ? EINVAL : with_interface(st, name, [&](ifnet& ifp) {
        return vlan_set_vnetid_locked(st, ifp, *vnetid);
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSVNETID", error);
}

int delete_vnetid(stack& st, const std::string& name, std::string& out) {
    const int error =
        with_interface(st, name, [&](ifnet& ifp) { return vlan_set_vnetid_locked(st, ifp, 0); });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCDVNETID", error);
}

int set_pair(stack& st, const std::string& name, const std::string& peer, std::string& out) {
    bool known = true;
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        ifnet* to = if_unit_locked(st, peer.c_str());
        known = to != nullptr;
        return known ? pair_setpair_locked(st, ifp, to) : ENOENT;
    });
    return error == 0 ? 0 : err(out, "ifconfig", known ? "SIOCSIFPAIR" : "patch " + peer, error);
}

int unset_pair(stack& st, const std::string& name, std::string& out) {
    const int error =
        with_interface(st, name, [&](ifnet& ifp) { return pair_setpair_locked(st, ifp, nullptr); });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFPAIR", error);
}

// What the arguments ask for; applied in the order of the tool: addresses last.
struct request {
    std::string name;
    std::optional<inet_prefix> address;
    std::optional<unsigned> netmask;
    bool alias = false;
    bool remove = false;
};

unsigned classful_len(uint32_t address) {
    return address >> 31 == 0 ? 8 : address >> 30 == 2 ? 16 : 24;
}

int apply_address(stack& st, const request& r, std::string& out) {
    if (!r.address) {
        return r.remove ? errx(out, "ifconfig", "delete: address wanted") : 0;
    }
    const uint32_t addr = r.address->address;
    if (r.remove) {
        const int error = with_interface(
            st, r.name, [&](ifnet& ifp) { return netinet::in_delete_locked(st, ifp, addr); });
        return error == 0 ? 0 : err(out, "ifconfig", "SIOCDIFADDR", error);
    }
    const unsigned len = r.netmask              ? *r.netmask
                         : r.address->len_given ? r.address->len
                                                : classful_len(addr);
    if (!r.alias) {
        // The new address takes the place of the first one.
        (void)with_interface(st, r.name, [&](ifnet& ifp) {
            const ifaddr* first = ifp.if_addrlist.get_locked();
            const bool same = first != nullptr && first->ifa_addr == addr;
            return first == nullptr || same ? 0
                                            : netinet::in_delete_locked(st, ifp, first->ifa_addr);
        });
    }
    const int error = with_interface(st, r.name, [&](ifnet& ifp) {
        return netinet::in_ifinit_locked(st, ifp, addr, static_cast<uint8_t>(len));
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCAIFADDR", error);
}

int set_lladdr(stack& st, const std::string& name, std::string_view text, std::string& out) {
    const auto lladdr = parse_lladdr(text);
    if (!lladdr) {
        return errx(out, "ifconfig", "malformed link-level address");
    }
    if (ether_is_multicast(*lladdr) || *lladdr == 0) {
        return err(out, "ifconfig", "SIOCSIFLLADDR", EINVAL);
    }
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        if (ifp.if_type == IFT_LOOP) {
            return EINVAL;
        }
        netinet::in_newlladdr_locked(st, ifp, *lladdr);
        return 0;
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFLLADDR", error);
}

int set_mtu(stack& st, const std::string& name, std::string_view text, std::string& out) {
    const auto mtu = parse_number(text, INT32_MAX);
    if (!mtu) {
        return errx(out, "ifconfig", "mtu " + std::string(text) + ": invalid");
    }
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        if (*mtu < mtu_min || *mtu > ifp.if_hardmtu) {
            return EINVAL;
        }
        ifp.if_mtu.store(*mtu);
        rtm_ifchg_locked(st, ifp);
        return 0;
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFMTU", error);
}

int set_rdomain(stack& st, const std::string& name, std::string_view text, std::string& out) {
    const auto rdomain = parse_table(text);
    if (!rdomain) {
        return errx(out, "ifconfig", "rdomain " + std::string(text) + ": invalid");
    }
    const int error = with_interface(
        st, name, [&](ifnet& ifp) { return if_setrdomain_locked(st, ifp, *rdomain); });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFRDOMAIN", error);
}

int set_description(stack& st, const std::string& name, std::string_view text, std::string& out) {
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        ifp.if_description = text;
        return 0;
    });
    return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFDESCR", error);
}

int set_group(stack& st, const std::string& name, std::string_view group, bool joins,
              std::string& out) {
    const int error = with_interface(st, name, [&](ifnet& ifp) {
        return joins ? if_addgroup_locked(ifp, group) : if_delgroup_locked(ifp, group);
    });
    return error == 0 ? 0 : err(out, "ifconfig", joins ? "SIOCAIFGROUP" : "SIOCDIFGROUP", error);
}

// ---- its arguments ------------------------------------------------------------------------------

struct flag_word {
    std::string_view word;
    uint32_t on;
    uint32_t off;
};
constexpr flag_word flag_words[] = {
    {"up", IFF_UP, 0},
    {"down", 0, IFF_UP},
    {"arp", 0, IFF_NOARP},
    {"-arp", IFF_NOARP, 0},
    {"staticarp", IFF_STATICARP, 0},
    {"-staticarp", 0, IFF_STATICARP},
};

const flag_word* flag_word_or_null(std::string_view word) {
    for (const flag_word& f : flag_words) {
        if (f.word == word) {
            return &f;
        }
    }
    return nullptr;
}

bool takes_value(std::string_view word) {
    return word == "lladdr" || word == "mtu" || word == "netmask" || word == "inet" ||
           word == "rdomain" || word == "description" || word == "group" || word == "-group" ||
           word == "parent" || word == "vnetid" || word == "patch";
}

int apply_value(stack& st, request& r, std::string_view word, std::string_view value,
                std::string& out) {
    if (word == "lladdr") {
        return set_lladdr(st, r.name, value, out);
    }
    if (word == "mtu") {
        return set_mtu(st, r.name, value, out);
    }
    if (word == "rdomain") {
        return set_rdomain(st, r.name, value, out);
    }
    if (word == "description") {
        return set_description(st, r.name, value, out);
    }
    if (word == "group" || word == "-group") {
        return set_group(st, r.name, value, word == "group", out);
    }
    if (word == "parent") {
        return set_parent(st, r.name, std::string(value), out);
    }
    if (word == "vnetid") {
        return set_vnetid(st, r.name, value, out);
    }
    if (word == "patch") {
        return set_pair(st, r.name, std::string(value), out);
    }
    if (word == "netmask") {
        r.netmask = parse_netmask(value);
        return r.netmask ? 0 : errx(out, "ifconfig", std::string(value) + ": bad value");
    }
    r.address = parse_prefix(value);
    return r.address ? 0 : errx(out, "ifconfig", std::string(value) + ": bad value");
}

int apply_word(stack& st, request& r, std::string_view word, std::string& out) {
    if (const flag_word* f = flag_word_or_null(word); f != nullptr) {
        const int error = set_flags(st, r.name, f->on, f->off);
        return error == 0 ? 0 : err(out, "ifconfig", "SIOCSIFFLAGS", error);
    }
    if (word == "alias") {
        r.alias = true;
        return 0;
    }
    if (word == "-rdomain") {
        return set_rdomain(st, r.name, "0", out);
    }
    if (word == "-description") {
        return set_description(st, r.name, "", out);
    }
    if (word == "-parent") {
        return delete_parent(st, r.name, out);
    }
    if (word == "-vnetid") {
        return delete_vnetid(st, r.name, out);
    }
    if (word == "-patch") {
        return unset_pair(st, r.name, out);
    }
    if (word == "delete" || word == "-alias") {
        r.remove = true;
        return 0;
    }
    return apply_value(st, r, "inet", word, out);  // an address alone
}

int configure(stack& st, const std::string& name, arguments args, std::string& out) {
    const int created = create(st, name);
    if (created != 0 && created != EEXIST) {
        return errx(out, name, "no such interface");
    }
    request r{name, {}, {}, false, false};
    for (size_t at = 0; at < args.size(); ++at) {
        int status = 0;
        if (!takes_value(args[at])) {
            status = apply_word(st, r, args[at], out);
        } else if (at + 1 == args.size()) {
            status = errx(out, "ifconfig", "'" + std::string(args[at]) + "' requires argument");
        } else {
            status = apply_value(st, r, args[at], args[at + 1], out);
            ++at;
        }
        if (status != 0) {
            return status;
        }
    }
    return apply_address(st, r, out);
}

}  // namespace

int ifconfig(stack& st, arguments args, std::string& out) {
    if (args.empty() || args[0] == "-a") {
        return show(st, std::nullopt, out);
    }
    if (args[0] == "-C") {
        return show_cloners(out);
    }
    const std::string name(args[0]);
    if (args.size() == 1) {
        return show(st, name, out);
    }
    if (args[1] == "destroy") {
        const int error = if_clone_destroy(st, name.c_str());
        return error == 0 ? 0 : err(out, "ifconfig", "SIOCIFDESTROY", error);
    }
    if (args[1] == "create") {
        const int error = create(st, name);
        if (error != 0) {
            return err(out, "ifconfig", "SIOCIFCREATE", error);
        }
        return args.size() == 2 ? 0 : configure(st, name, args.subspan(2), out);
    }
    return configure(st, name, args.subspan(1), out);
}

}  // namespace model::admin
