// in_var.h - what the protocols above IPv4 keep for a whole router: their pcbs, their sockets' names.
// Source:  udbtable, tcbtable, rawcbtable of OpenBSD; the table of names is what a program's descriptors
//          are there.
// Shapes:  a name has at most inp_namesize - 1 characters; it stays when its socket is closed, for who asks
//          what the socket got, until another socket takes it.
// Locks:   [I] immutable  [N] names_mtx, a leaf  [a] atomic  [c] CPU's own cell. A pcb table has its own mutex.
// Errors:  null: no socket has that name.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/kern/cpu.h"
#include "model/kern/mutex.h"
#include "model/netinet/in_pcb.h"

namespace model::netinet {

struct named_socket {
    std::string name;
    socket* so = nullptr;          // counted; null: closed
    const socket* last = nullptr;  // who had the name last; maybe gone
    std::string got;               // what that one had got when it was freed
};

struct in_state {
    inpcbtable udbtable{"udp pcbs"};
    inpcbtable rawcbtable{"raw pcbs"};
    inpcbtable tcbtable{"tcp pcbs"};
    inpcbtable divcbtable{"divert pcbs"};

    struct alignas(64) cell {
        uint32_t count = 0;  // [c] of initial sequence numbers
    };
    cell tcp_iss[kern::cpu_cells];

    std::atomic<uint32_t> echo_ident{0};  // [a] identifier that ping took last

    kern::mutex names_mtx{kern::ipl_none};
    std::vector<named_socket> names;  // [N] in the order in which they were first used
};

void in_init(net::stack& st);  // makes st.inet
// Nobody runs. Closes what is open, without a word to the other end.
void in_destroy(net::stack& st);

// Gives a socket a name, and the name the caller's reference. False: another one has it.
[[nodiscard]] bool socket_name_take(net::stack& st, const char* name, socket* so);
// The socket of that name, referenced; null if none.
[[nodiscard]] socket* socket_of_name(net::stack& st, std::string_view name);
// The same, and the name is free from now on; the reference is the name's own.
[[nodiscard]] socket* socket_name_release(net::stack& st, std::string_view name);
// The socket is freed: what it got stays with its name, if no other socket has that.
void socket_name_forget(net::stack& st, const socket& so);

}  // namespace model::netinet
