// What programs do with sockets. A socket has a name where a program would have a descriptor.
#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/admin/using_socket.h"
#include "model/kern/proc.h"
#include "model/net/mbuf.h"
#include "model/net/stack.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip_divert.h"
#include "model/netinet/raw_ip.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_usrreq.h"
#include "model/netinet/udp_usrreq.h"

namespace model::admin {

using namespace net;
using netinet::sockaddr;

namespace {

int usage(std::string& out) {
    out +=
        "usage: socket udp|tcp bind address.port [bindany] [rtable number] as name\n"
        "       socket udp|tcp connect address.port [rtable number] as name\n"
        "       socket udp|tcp [rtable number] as name\n"
        "       socket divert bind *.port as name\n"
        "       socket raw icmp|protocol [bind address [bindany]] [rtable number] as name\n"
        "       send name bytes [to address[.port]]\n"
        "       recv [-w maxwait] name\n"
        "       reinject name\n"
        "       close name [abort]\n";
    return 1;
}

// ---- socket -------------------------------------------------------------------------------------

struct wanted_socket {
    const netinet::protosw* proto = nullptr;
    uint8_t protocol = 0;   // of a raw one
    std::string_view verb;  // bind, connect; nothing for a raw one
    sockaddr address;
    netinet::bind_to which = netinet::bind_to::own_address;
    std::string name;
    unsigned tableid = 0;
    bool tableid_given = false;
};

// What stands behind `raw icmp`, `raw 254`.
std::optional<wanted_socket> parse_raw(arguments args, wanted_socket w) {
    w.proto = &netinet::rip_proto;
    if (args.empty()) {
        return w;
    }
    const auto address = args.size() < 2 ? std::nullopt : parse_address(args[1]);
    const bool bindany = args.size() == 3 && args[2] == "bindany";
    if (!address || args[0] != "bind" || (args.size() > 2 && !bindany)) {
        return std::nullopt;
    }
    w.verb = args[0];
    w.address = {*address, 0};
    w.which = bindany ? netinet::bind_to::any_address : netinet::bind_to::own_address;
    return w;
}

std::optional<wanted_socket> parse_socket(arguments args) {
    wanted_socket w;
    if (args.size() < 3 || args[args.size() - 2] != "as" || !is_socket_name(args.back())) {
        return std::nullopt;
    }
    w.name = args.back();
    args = args.first(args.size() - 2);
    if (args.size() >= 3 && args[args.size() - 2] == "rtable") {
        const auto table = parse_table(args.back());
        if (!table) {
            return std::nullopt;
        }
        w.tableid = *table;
        w.tableid_given = true;
        args = args.first(args.size() - 2);
    }
    if (args.size() >= 2 && args[0] == "raw") {
        const auto number = args[1] == "icmp" ? netinet::ipproto_icmp : parse_number(args[1], 255);
        w.protocol = static_cast<uint8_t>(number.value_or(0));
        return number ? parse_raw(args.subspan(2), w) : std::nullopt;
    }
    const bool tcp = args[0] == "tcp";
    const bool divert = args[0] == "divert" && args.size() == 3 && args[1] == "bind";
    w.proto = tcp ? &netinet::tcp_proto : divert ? &netinet::divert_proto : &netinet::udp_proto;
    if (args.size() == 1 && (tcp || args[0] == "udp")) {
        return w;
    }
    const auto address = args.size() < 3 ? std::nullopt : parse_sockaddr(args[2]);
    const bool bindany = args.size() == 4 && args[1] == "bind" && args[3] == "bindany";
    if ((args[0] != "udp" && !tcp && !divert) || !address ||
        (args[1] != "bind" && args[1] != "connect") || (args.size() > 3 && !bindany)) {
        return std::nullopt;
    }
    w.verb = args[1];
    w.address = *address;
    w.which = bindany ? netinet::bind_to::any_address : netinet::bind_to::own_address;
    return w;
}

int do_verb(stack& st, netinet::socket& so, const wanted_socket& w) {
    if (w.verb == "bind") {
        return netinet::sobind(st, so, w.address, w.which);
    }
    return w.verb == "connect" ? netinet::soconnect(st, so, w.address) : 0;
}

// A new socket gets its name when all is well.
int make_socket(stack& st, const wanted_socket& w) {
    if (rtable_get(st, w.tableid) == nullptr) {
        return EINVAL;
    }
    netinet::socket* so = netinet::socreate(st, *w.proto, w.name.c_str(), w.protocol, w.tableid);
    int error = do_verb(st, *so, w);
    if (error == 0 && !netinet::socket_name_take(st, w.name.c_str(), so)) {
        error = EEXIST;
    }
    if (error != 0) {
        netinet::soclose(st, so);
    }
    return error;
}

// What `send` sends: bytes that count up; from a raw socket for ICMP, an echo request that contains them.
std::vector<uint8_t> payload_of(const netinet::socket& so, size_t length) {
    const bool raw = so.so_protocol == netinet::ipproto_icmp;
    std::vector<uint8_t> bytes(length + (raw ? netinet::icmp_minlen : 0));
    uint8_t value = 0;
    std::generate(bytes.end() - static_cast<std::ptrdiff_t>(length), bytes.end(),
                  [&value] { return value++; });
    if (raw) {
        const netinet::icmp_view icmp(bytes);
        icmp.set_type(netinet::icmp_echo);
        icmp.update_sum();
    }
    return bytes;
}

}  // namespace

int socket(stack& st, arguments args, std::string& out) {
    const auto wanted = parse_socket(args);
    if (!wanted) {
        return usage(out);
    }
    int error = 0;
    if (const using_socket there(st, wanted->name); there.get() == nullptr) {
        error = make_socket(st, *wanted);
    } else if (there.get()->so_proto != wanted->proto || wanted->verb.empty() ||
               wanted->tableid_given) {
        error = EEXIST;
    } else {
        error = do_verb(st, *there.get(), *wanted);
    }
    return error == 0 ? 0 : err(out, "socket", wanted->name, error);
}

int send(stack& st, arguments args, std::string& out) {
    const bool has_to = args.size() == 4 && args[2] == "to";
    const auto length = args.size() < 2 ? std::nullopt : parse_number(args[1], mbuf_length_max);
    if (!length || (args.size() != 2 && !has_to)) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    if (so.get() == nullptr) {
        return err(out, "send", args[0], EBADF);
    }
    auto to = has_to ? parse_sockaddr(args[3]) : std::nullopt;
    if (has_to && so.get()->so_proto == &netinet::rip_proto) {
        const auto host = parse_address(args[3]);
        to = host ? std::optional(sockaddr{*host, 0}) : std::nullopt;
    }
    if (has_to && !to) {
        return usage(out);
    }
    const int error =
        netinet::sosend(st, *so.get(), payload_of(*so.get(), *length), to ? &*to : nullptr);
    return error == 0 ? 0 : err(out, "send", args[0], error);
}

int recv(stack& st, arguments args, std::string& out) {
    std::optional<uint32_t> wait = 0;
    if (args.size() == 3 && args[0] == "-w") {
        wait = parse_number(args[1], UINT16_MAX);
        args = args.subspan(2);
    }
    if (args.size() != 1 || !wait) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    if (so.get() == nullptr) {
        return err(out, "recv", args[0], EBADF);
    }
    const kern::sleep_limit limit(st.timeouts, *wait);
    netinet::sockrecord* record = nullptr;
    const int error = netinet::soreceive(st, *so.get(), &record);
    if (error == ESHUTDOWN) {
        out += "end\n";
        return 0;
    }
    if (error != 0) {
        return err(out, "recv", args[0], error);
    }
    out += std::to_string(record->m->packet) + ":" + std::to_string(record->m->len) + " from " +
           sockaddr_text(record->from) + "\n";
    netinet::sbrecord_free(st, record);
    return 0;
}

// What a program does that looks at packets and changes none.
int reinject(stack& st, arguments args, std::string& out) {
    if (args.size() != 1) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    if (so.get() == nullptr || so.get()->so_proto != &netinet::divert_proto) {
        return err(out, "reinject", args[0], so.get() == nullptr ? EBADF : EOPNOTSUPP);
    }
    netinet::sockrecord* record = nullptr;
    int error = netinet::soreceive(st, *so.get(), &record);
    if (error == 0) {
        error = netinet::sosend(st, *so.get(), {record->m->data, record->m->len}, &record->from);
        netinet::sbrecord_free(st, record);
    }
    return error == 0 ? 0 : err(out, "reinject", args[0], error);
}

int close(stack& st, arguments args, std::string& out) {
    const bool abort = args.size() == 2 && args[1] == "abort";
    if (args.size() != 1 && !abort) {
        return usage(out);
    }
    netinet::socket* so = netinet::socket_name_release(st, args[0]);
    if (so == nullptr) {
        return err(out, "close", args[0], EBADF);
    }
    netinet::soclose(st, so, abort ? netinet::closing::abort : netinet::closing::in_order);
    return 0;
}

}  // namespace model::admin
