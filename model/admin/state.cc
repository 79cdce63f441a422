// state: a name for a state of the packet filter, for who observes.
#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/netinet/in.h"
#include "model/pf/pf_name.h"
#include "model/pf/pf_names.h"

namespace model::admin {

namespace {

int usage(std::string& out) {
    out += "usage: state proto [address[.port]] as name\n";
    return 1;
}

// PROTO [A[.P]] as NAME
std::optional<pf::pf_state_wanted> parse_wanted(arguments args) {
    if (args.size() < 3 || args.size() > 4 || args[args.size() - 2] != "as") {
        return std::nullopt;
    }
    pf::pf_state_wanted wanted;
    const auto proto = pf::parse_proto(args[0]);
    if (!proto) {
        return std::nullopt;
    }
    wanted.proto = *proto;
    if (args.size() == 4) {
        const auto address = parse_address(args[1]);
        const auto end = address ? std::nullopt : parse_sockaddr(args[1]);
        if (!address && !end) {
            return std::nullopt;
        }
        wanted.addr = address ? *address : end->addr;
        wanted.port = address ? uint16_t{0} : end->port;
    }
    return wanted;
}

}  // namespace

int state(net::stack& st, arguments args, std::string& out) {
    const auto wanted = parse_wanted(args);
    if (!wanted) {
        return usage(out);
    }
    const std::string name(args.back());
    switch (pf::pf_state_name(st, *wanted, name)) {
        case 0:
            return 0;
        case E2BIG:
            errx(out, "state", name + ": several states are like that: say an address and a port");
            return 1;
        default:
            errx(out, "state", name + ": there is no such state");
            return 1;
    }
}

}  // namespace model::admin
