// tools.h - the administrator's tools: what each does with its arguments.
// Source:  ifconfig(8), route(8), arp(8), sysctl(8), ping(8), netstat(1) of OpenBSD: arguments, output, error texts.
// Shapes:  the arguments are the words behind the tool's name; output is appended to `out`.
// Locks:   none is held by the caller. Each change takes conf_lock for itself, as each ioctl of the
//          real tool would: what a line does is not one change. May sleep.
// Errors:  the tool's exit status; its complaints are part of the output.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace model::net {
struct stack;
}

namespace model::admin {

using arguments = std::span<const std::string_view>;

int ifconfig(net::stack& st, arguments args, std::string& out);
int route(net::stack& st, arguments args, std::string& out);
int arp(net::stack& st, arguments args, std::string& out);
int sysctl(net::stack& st, arguments args, std::string& out);
// `input` is the text that -f reads.
int pfctl(net::stack& st, arguments args, std::string_view input, std::string& out);
// `pf purge`: one pass of what pf does every now and then, in the calling context.
int pf_command(net::stack& st, arguments args, std::string& out);
// `state udp 10.0.1.9 as ST`: what observers call a state of pf.
int state(net::stack& st, arguments args, std::string& out);
// `wire IF pause|resume`: what is plugged into the interface lets it send no more, and then go on.
int wire(net::stack& st, arguments args, std::string& out);
int ping(net::stack& st, arguments args, std::string& out);
int netstat(net::stack& st, arguments args, std::string& out);

// What programs do with sockets, which have names instead of descriptors; each is a system call.
int socket(net::stack& st, arguments args, std::string& out);
int send(net::stack& st, arguments args, std::string& out);
int recv(net::stack& st, arguments args, std::string& out);
int close(net::stack& st, arguments args, std::string& out);
int listen(net::stack& st, arguments args, std::string& out);
int connect(net::stack& st, arguments args, std::string& out);
int accept(net::stack& st, arguments args, std::string& out);
int shutdown(net::stack& st, arguments args, std::string& out);
// `join S 224.1.2.3 on em0`, `leave S 224.1.2.3`, `setsockopt S multicast_ttl 3`.
int join(net::stack& st, arguments args, std::string& out);
int leave(net::stack& st, arguments args, std::string& out);
int setsockopt(net::stack& st, arguments args, std::string& out);
// `reinject D`: reads a packet from a divert socket, and puts it back on its way; sleeps until there is one.
int reinject(net::stack& st, arguments args, std::string& out);

// Every command enters here: splits its first line and runs its tool; what follows that line is for a
// tool that reads its standard input. 127: no such tool.
int command(net::stack& st, std::string_view text, std::string& out);

}  // namespace model::admin
