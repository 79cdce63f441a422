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
    socket* head = so->so_head;
    kern::pool_put(st.socket_pool, so);
    sorele(st, head);
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

inpcb* sotoinpcb(socket& so) {
    solock_shared(so);
    inpcb* inp = so.so_pcb == nullptr ? nullptr : in_pcbref(so.so_pcb);
    sounlock(so);
    return inp;
}

namespace {

// `name`: what its pcb is called.
socket* make(net::stack& st, const protosw& proto, const char* name, uint8_t protocol,
             unsigned tableid) {
    auto* so = kern::pool_get<socket>(st.socket_pool);
    heddle_name(so, net::name_of("socket", name).text);
    heddle_lock_class(&so->so_lock, "so_lock");
    heddle_lock_class(&so->so_rcv.sb_mtx, "sb_mtx");
    heddle_lock_class(&so->so_queue.soq_mtx, "soq_mtx");
    so->so_proto = &proto;
    so->so_protocol = protocol;
    so->so_rtableid = static_cast<uint8_t>(tableid);
    proto.attach(st, *so, name);
    return so;
}

}  // namespace

socket* socreate(net::stack& st, const protosw& proto, const char* name, uint8_t protocol,
                 unsigned tableid) {
    socket* so = make(st, proto, name, protocol, tableid);
    snprintf(so->so_name, sizeof so->so_name, "%s", name);
    return so;
}

socket* sonewconn(net::stack& st, socket& head) {
    socket* so = make(st, *head.so_proto, head.so_name, head.so_protocol, head.so_rtableid);
    so->so_head = soref(&head);
    return so;
}

int sobind(net::stack& st, socket& so, const sockaddr& at, bind_to which) {
    if (so.so_proto->bind != nullptr) {
        return so.so_proto->bind(st, so, at, which);
    }
    solock(so);
    const int error =
        so.so_pcb == nullptr ? EINVAL : in_pcbbind(st, *so.so_pcb, at.addr, at.port, which);
    sounlock(so);
    return error;
}

int soconnect(net::stack& st, socket& so, const sockaddr& to) {
    return so.so_proto->connect(st, so, to);
}

int soreuseport(socket& so, bool reuse) {
    solock(so);
    const int error = so.so_pcb == nullptr ? EINVAL : 0;
    if (error == 0) {
        in_pcbreuseport(*so.so_pcb, reuse);
    }
    sounlock(so);
    return error;
}

int sobroadcast(socket& so, bool broadcast) {
    solock(so);
    const int error = so.so_pcb == nullptr ? EINVAL : 0;
    if (error == 0) {
        so.so_pcb->inp_broadcast = broadcast;
    }
    sounlock(so);
    return error;
}

int sosend(net::stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    return so.so_proto->send(st, so, bytes, to);
}

int soreceive(net::stack& st, socket& so, sockrecord** record) {
    const int error = sbreceive(so.so_rcv, record);
    if (error == 0 && so.so_proto->rcvd != nullptr) {
        so.so_proto->rcvd(st, so);
    }
    return error;
}

int solisten(net::stack& st, socket& so, unsigned backlog) {
    return so.so_proto->listen == nullptr ? EOPNOTSUPP : so.so_proto->listen(st, so, backlog);
}

int soconnected(net::stack& st, socket& so) {
    return so.so_proto->connected == nullptr ? EOPNOTSUPP : so.so_proto->connected(st, so);
}

int soshutdown(net::stack& st, socket& so) {
    return so.so_proto->shutdown == nullptr ? EOPNOTSUPP : so.so_proto->shutdown(st, so);
}

int soaccept(net::stack& st, socket& head, const char* name, socket** so) {
    const int error = soqaccept(head, so);
    if (error == 0) {
        snprintf((*so)->so_name, sizeof(*so)->so_name, "%s", name);
        heddle_name(*so, net::name_of("socket", name).text);
        head.so_proto->accepted(st, **so, name);
    }
    return error;
}

void soclose(net::stack& st, socket* so, closing how) {
    so->so_proto->detach(st, *so, how);
    // A packet that had found the socket before may have queued something until now, and cannot later.
    socantrcvmore(so->so_rcv, 0);
    sbflush(st, so->so_rcv);
    sorele(st, so);
}

}  // namespace model::netinet
