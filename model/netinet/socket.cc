#include "model/netinet/socket.h"

#include <cerrno>
#include <cstdio>

#include "model/kern/assert.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "model/netinet/in_var.h"

namespace model::netinet {

socket* soref(socket* so) {
    kern::refcnt_take(so->so_refcnt);
    return so;
}

void sorele(net::stack& st, socket* so) {
    if (so == nullptr || !kern::refcnt_rele(so->so_refcnt)) {
        return;
    }
    kern::kassert(so->so_pcb == nullptr, "sorele: still has a pcb");
    sbflush(st, so->so_rcv);
    socket_name_forget(st, *so);
    kern::pool_put(st.socket_pool, so);
}

void solock(socket& so) {
    kern::rw_enter_write(so.so_lock);
}

void solock_shared(socket& so) {
    kern::rw_enter_read(so.so_lock);
}

void sounlock(socket& so) {
    kern::rw_exit(so.so_lock);
}

socket* socreate(net::stack& st, const protosw& proto, const char* name) {
    auto* so = kern::pool_get<socket>(st.socket_pool);
    heddle_name(so, net::name_of("socket", name).text);
    heddle_lock_class(&so->so_lock, "so_lock");
    heddle_lock_class(&so->so_rcv.sb_mtx, "sb_mtx");
    snprintf(so->so_name, sizeof so->so_name, "%s", name);
    so->so_proto = &proto;
    solock(*so);
    proto.attach(st, *so);
    sounlock(*so);
    return so;
}

int sobind(net::stack& st, socket& so, const sockaddr& at, bind_to which) {
    solock(so);
    const int error =
        so.so_pcb == nullptr ? EINVAL : in_pcbbind(st, *so.so_pcb, at.addr, at.port, which);
    sounlock(so);
    return error;
}

int soconnect(net::stack& st, socket& so, const sockaddr& to) {
    solock(so);
    const int error = so.so_pcb == nullptr ? EINVAL : so.so_proto->connect(st, so, to);
    sounlock(so);
    return error;
}

int sosend(net::stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    return so.so_proto->send(st, so, bytes, to);
}

int soreceive(socket& so, sockrecord** record) {
    return sbreceive(so.so_rcv, record);
}

void soclose(net::stack& st, socket* so) {
    solock(*so);
    if (so->so_pcb != nullptr) {
        so->so_proto->detach(st, *so);
    }
    sounlock(*so);
    // A packet that had found the socket before may have queued something until now, and cannot later.
    socantrcvmore(so->so_rcv, 0);
    sbflush(st, so->so_rcv);
    sorele(st, so);
}

}  // namespace model::netinet
