// Options of sockets: groups that they join, and how they send to them.
#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/admin/using_socket.h"
#include "model/net/if.h"
#include "model/net/stack.h"

namespace model::admin {

using namespace net;

namespace {

int usage(std::string& out) {
    out +=
        "usage: join name group [on interface]\n"
        "       leave name group [on interface]\n"
        "       setsockopt name reuseport|broadcast|multicast_loop on|off\n"
        "       setsockopt name multicast_ttl number\n"
        "       setsockopt name multicast_if interface|none\n";
    return 1;
}

// if_nametoindex; 0: there is none of that name.
unsigned index_of(stack& st, std::string_view name) {
    kern::rw_enter_read(st.conf_lock);
    const ifnet* ifp = if_unit_locked(st, std::string(name).c_str());
    const unsigned index = ifp == nullptr ? 0 : ifp->if_index;
    kern::rw_exit(st.conf_lock);
    return index;
}

using membership = int (*)(stack& st, netinet::socket& so, uint32_t group, unsigned ifidx);

// By name as programs do it: the index of the interface first, then the system call.
int change_membership(stack& st, const char* verb, membership change, arguments args,
                      std::string& out) {
    const bool named = args.size() == 4 && args[2] == "on";
    const auto group = args.size() < 2 ? std::nullopt : parse_address(args[1]);
    if (!group || (args.size() != 2 && !named)) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    const unsigned ifidx = named ? index_of(st, args[3]) : 0;
    int error = so.get() == nullptr ? EBADF : 0;
    if (error == 0) {
        error = named && ifidx == 0 ? ENXIO : change(st, *so.get(), *group, ifidx);
    }
    return error == 0 ? 0 : err(out, verb, args[0], error);
}

// The error of the system call; nothing if there is no such option or value.
std::optional<int> set_option(stack& st, netinet::socket& so, std::string_view option,
                              std::string_view value) {
    if (option == "multicast_ttl") {
        const auto ttl = parse_number(value, 255);
        return ttl ? std::optional(netinet::ip_multicast_ttl(so, static_cast<uint8_t>(*ttl)))
                   : std::nullopt;
    }
    if (option == "multicast_if") {
        const unsigned ifidx = value == "none" ? 0 : index_of(st, value);
        return value != "none" && ifidx == 0 ? ENXIO : netinet::ip_multicast_if(st, so, ifidx);
    }
    if (value != "on" && value != "off") {
        return std::nullopt;
    }
    const bool on = value == "on";
    if (option == "multicast_loop") {
        return netinet::ip_multicast_loop(so, on);
    }
    if (option == "reuseport") {
        return netinet::soreuseport(so, on);
    }
    return option == "broadcast" ? std::optional(netinet::sobroadcast(so, on)) : std::nullopt;
}

}  // namespace

int join(stack& st, arguments args, std::string& out) {
    return change_membership(st, "join", netinet::ip_join, args, out);
}

int leave(stack& st, arguments args, std::string& out) {
    return change_membership(st, "leave", netinet::ip_leave, args, out);
}

int setsockopt(stack& st, arguments args, std::string& out) {
    if (args.size() != 3) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    if (so.get() == nullptr) {
        return err(out, "setsockopt", args[0], EBADF);
    }
    const auto error = set_option(st, *so.get(), args[1], args[2]);
    if (!error) {
        return usage(out);
    }
    return *error == 0 ? 0 : err(out, "setsockopt", args[0], *error);
}

}  // namespace model::admin
