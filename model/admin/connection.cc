// What programs do with connections: listen, connect, accept, shutdown.
#include <cerrno>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/admin/using_socket.h"
#include "model/net/stack.h"

namespace model::admin {

using namespace net;

namespace {

constexpr uint32_t backlog_default = 5;

int usage(std::string& out) {
    out +=
        "usage: listen name [backlog number]\n"
        "       connect name [address.port [nowait]]\n"
        "       accept name as name\n"
        "       shutdown name\n";
    return 1;
}

int result(std::string& out, const char* verb, std::string_view name, int error) {
    return error == 0 ? 0 : err(out, verb, name, error);
}

// Sleeps until somebody has connected; that connection has the name then.
int accept_as(stack& st, netinet::socket& head, const std::string& name) {
    netinet::socket* so = nullptr;
    const int error = netinet::soaccept(st, head, name.c_str(), &so);
    if (error != 0) {
        return error;
    }
    if (!netinet::socket_name_take(st, name.c_str(), so)) {
        netinet::soclose(st, so);
        return EEXIST;
    }
    return 0;
}

}  // namespace

int listen(stack& st, arguments args, std::string& out) {
    const bool given = args.size() == 3 && args[1] == "backlog";
    const auto backlog = given ? parse_number(args[2], netinet::somaxconn) : backlog_default;
    if (!backlog || (args.size() != 1 && !given)) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    return result(out, "listen", args[0],
                  so.get() == nullptr ? EBADF : netinet::solisten(st, *so.get(), *backlog));
}

// With an address it begins. Then it sleeps until the other end has answered, if there is an answer to be waited for.
int connect(stack& st, arguments args, std::string& out) {
    const bool begins = args.size() >= 2;
    const bool nowait = args.size() == 3 && args[2] == "nowait";
    const auto to = begins ? parse_sockaddr(args[1]) : netinet::sockaddr{};
    if (!to || args.empty() || (args.size() > 2 && !nowait)) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    int error = so.get() == nullptr ? EBADF : 0;
    if (error == 0 && begins) {
        error = netinet::soconnect(st, *so.get(), *to);
    }
    const bool has_answer = so.get() != nullptr && so.get()->so_proto->connected != nullptr;
    if (error == 0 && !nowait && (has_answer || !begins)) {
        error = netinet::soconnected(st, *so.get());
    }
    return result(out, "connect", args[0], error);
}

int accept(stack& st, arguments args, std::string& out) {
    if (args.size() != 3 || args[1] != "as" || !is_socket_name(args[2])) {
        return usage(out);
    }
    const using_socket head(st, args[0]);
    return result(out, "accept", args[0],
                  head.get() == nullptr ? EBADF : accept_as(st, *head.get(), std::string(args[2])));
}

int shutdown(stack& st, arguments args, std::string& out) {
    if (args.size() != 1) {
        return usage(out);
    }
    const using_socket so(st, args[0]);
    return result(out, "shutdown", args[0],
                  so.get() == nullptr ? EBADF : netinet::soshutdown(st, *so.get()));
}

}  // namespace model::admin
