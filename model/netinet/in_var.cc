#include "model/netinet/in_var.h"

#include <utility>

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

void in_init(net::stack& st) {
    st.inet = new in_state;
    heddle_name(&st.inet->names_mtx, "socket names");
}

void in_destroy(net::stack& st) {
    in_state& inet = *st.inet;
    tcp_destroy(st);
    for (const named_socket& n : inet.names) {
        if (n.so != nullptr) {
            soclose(st, n.so);
        }
    }
    kern::kassert(inet.udbtable.list == nullptr, "in_destroy: a UDP pcb is left");
    kern::kassert(inet.tcbtable.list == nullptr, "in_destroy: a TCP pcb is left");
    kern::kassert(inet.rawcbtable.list == nullptr, "in_destroy: a raw pcb is left");
    kern::kassert(inet.divcbtable.list == nullptr, "in_destroy: a divert pcb is left");
    delete st.inet;
    st.inet = nullptr;
}

namespace {

named_socket* find_locked(in_state& inet, std::string_view name) {
    for (named_socket& n : inet.names) {
        if (n.name == name) {
            return &n;
        }
    }
    return nullptr;
}

}  // namespace

bool socket_name_take(net::stack& st, const char* name, socket* so) {
    in_state& inet = *st.inet;
    kern::mtx_enter(inet.names_mtx);
    named_socket* n = find_locked(inet, name);
    const bool taken = n != nullptr && n->so != nullptr;
    if (n == nullptr) {
        inet.names.push_back({name, so, so, ""});
    } else if (!taken) {
        *n = {name, so, so, ""};
    }
    kern::mtx_leave(inet.names_mtx);
    return !taken;
}

socket* socket_of_name(net::stack& st, std::string_view name) {
    kern::mtx_enter(st.inet->names_mtx);
    const named_socket* n = find_locked(*st.inet, name);
    socket* so = n == nullptr || n->so == nullptr ? nullptr : soref(n->so);
    kern::mtx_leave(st.inet->names_mtx);
    return so;
}

socket* socket_name_release(net::stack& st, std::string_view name) {
    kern::mtx_enter(st.inet->names_mtx);
    named_socket* n = find_locked(*st.inet, name);
    socket* so = n == nullptr ? nullptr : std::exchange(n->so, nullptr);
    kern::mtx_leave(st.inet->names_mtx);
    return so;
}

void socket_name_forget(net::stack& st, const socket& so) {
    kern::mtx_enter(st.inet->names_mtx);
    if (named_socket* n = find_locked(*st.inet, so.so_name); n != nullptr && n->last == &so) {
        n->last = nullptr;
        n->got = so.so_rcv.sb_got;
    }
    kern::mtx_leave(st.inet->names_mtx);
}

}  // namespace model::netinet
