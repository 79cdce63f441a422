// A segment comes in: whose it is, and what becomes of it if it is nobody's.
#include <cerrno>

#include "model/net/fate.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_output.h"
#include "model/netinet/tcp.h"
#include "model/netinet/tcp_usrreq.h"
#include "model/netinet/tcp_var.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

namespace {

void tcp_drop(stack& st, mbuf* m, counter which, const char* reason) {
    counter_inc(st, which);
    m_drop(st, m, reason);
}

// What it says; the packet is its data afterwards. False: it has been dropped.
bool tcp_check(stack& st, mbuf* m, tcp_segment* s) {
    const ip_view ip({m->data, m->len});
    const std::span<uint8_t> payload = ip.payload();
    if (payload.size() < tcp_size_min) {
        tcp_drop(st, m, counter::tcps_rcvshort, "badhlen");
        return false;
    }
    const tcp_view tcp(payload);
    if (tcp.header_size() < tcp_size_min || tcp.header_size() > payload.size()) {
        tcp_drop(st, m, counter::tcps_rcvbadoff, "badoff");
        return false;
    }
    if (in4_cksum(ip.source(), ip.destination(), ipproto_tcp, payload) != 0) {
        tcp_drop(st, m, counter::tcps_rcvbadsum, "badsum");
        return false;
    }
    const tcp_header h = tcp.read();
    s->ends = {ip.source(), ip.destination(), h.source, h.destination,
               static_cast<uint8_t>(rtable_l2(st, m->ph_rtableid))};
    s->seq = h.sequence;
    s->ack = h.acknowledgement;
    s->flags = h.flags;
    s->win = h.window;
    s->len = static_cast<uint32_t>(tcp.data().size());
    m_adj(*m, ip.header_size() + tcp.header_size());
    return true;
}

void tcp_refuse(stack& st, mbuf* m, const tcp_segment& s, const char* reason) {
    const uint8_t tableid = m->ph_rtableid;
    m_drop(st, m, reason);
    if (mbuf* rst = tcp_reset_or_null(st, s); rst != nullptr) {
        counter_inc(st, counter::tcps_sndtotal);
        rst->ph_rtableid = tableid;
        uint32_t mtu = 0;
        ip_output(st, rst, nullptr, 0, &mtu);
    }
}

// ---- for a connection -----------------------------------------------------------------------------

// A new connection on the ports of one that is over but for the time that it waits. Only a number that the old one has
// not seen tells it from an old duplicate.
bool is_reopening(const tcpcb& tp, const tcp_segment& s) {
    return tp.t_state == tcps_time_wait && (s.flags & (th_syn | th_ack | th_rst)) == th_syn &&
           seq_gt(s.seq, tp.rcv_nxt);
}

// Where the sequence numbers of a new connection begin; 0: anywhere.
struct reopening {
    uint32_t iss = 0;
};

// False: the pcb is no connection any more, or none that this segment is for.
bool tcp_input_connection(stack& st, inpcb& inp, mbuf* m, const tcp_segment& s, reopening& next) {
    socket* so = in_pcbsoref(inp);
    if (so == nullptr) {
        return false;
    }
    tcpcb& tp = *inp.inp_ppcb;
    tcp_work work;
    kern::mtx_enter(tp.t_mtx);
    const bool reopens = is_reopening(tp, s);
    const bool is_for_it = tp.t_state > tcps_listen && !reopens;
    if (reopens) {
        next.iss = tp.snd_nxt + tcp_issincr;
        counter_inc(st, counter::tcps_reopened);
        tcp_drop_locked(tp, *so, 0, work);
    } else if (is_for_it) {
        // Not before: who is over is not linked to a state that may be a new connection's.
        pf::pf_inp_link(st, *m, &inp);
        tcp_segment_arrives(st, tp, *so, m, s, work);
    }
    kern::mtx_leave(tp.t_mtx);
    if (reopens) {
        // First of all: the state of the new connection has the key of the old one's, and so is linked to this pcb. What
        // takes the pcb apart would take that state along.
        pf::pf_inp_unlink(st, &inp, pf::pf_unlink::for_good);
    }
    tcp_finish(st, inp, *so, work);
    sorele(st, so);
    return is_for_it;
}

// ---- for who listens --------------------------------------------------------------------------------

// The new connection is known to its queue, and to who looks for it; it answers.
void tcp_begin(stack& st, inpcb& inp, socket& so, mbuf* m, const tcp_segment& s) {
    tcpcb& tp = *inp.inp_ppcb;
    tcp_work work;
    solock(so);
    const int error = in_pcbset(inp, s.ends);
    sounlock(so);
    kern::mtx_enter(tp.t_mtx);
    // Who listened may have gone, and this with it. Or a SYN that came at the same time was faster.
    const bool is_over = tp.t_state != tcps_syn_received;
    if (error == 0 && !is_over) {
        pf::pf_inp_link(st, *m, &inp);
        fate_set(st, *m, fate::delivered, inp.inp_name);
        tcp_output(st, tp, so, false, work);
    } else {
        tcp_drop_locked(tp, so, ECONNABORTED, work);
    }
    kern::mtx_leave(tp.t_mtx);
    if (error == 0 && !is_over) {
        m_freem(st, m);
    } else {
        m_drop(st, m, is_over ? "noport" : "duplicate");
    }
    tcp_finish(st, inp, so, work);
}

void tcp_accept_syn(stack& st, socket& head, mbuf* m, const tcp_segment& s, const reopening& next) {
    socket* so = sonewconn(st, head);
    inpcb* inp = in_pcbref(so->so_pcb);  // no packet finds it yet, but who lists the table does
    tcpcb& tp = *inp->inp_ppcb;
    kern::mtx_enter(tp.t_mtx);
    tp.t_state = tcps_syn_received;
    tp.iss = next.iss != 0 ? next.iss : tcp_newiss(st);
    tp.snd_una = tp.snd_nxt = tp.iss;
    tp.irs = s.seq;
    tp.rcv_nxt = s.seq + 1;
    tp.rcv_adv = tp.rcv_nxt;
    tp.snd_wnd = s.win;
    kern::mtx_leave(tp.t_mtx);
    soref(so);  // the queue's
    if (soqinsque(head, *so)) {
        counter_inc(st, counter::tcps_accepts);
        tcp_begin(st, *inp, *so, m, s);
    } else {
        sorele(st, so);
        tcp_drop(st, m, counter::tcps_listendrop, "listenq");
        tcp_work work;
        kern::mtx_enter(tp.t_mtx);
        tcp_drop_locked(tp, *so, 0, work);
        kern::mtx_leave(tp.t_mtx);
        tcp_finish(st, *inp, *so, work);
    }
    in_pcbunref(st, inp);
    sorele(st, so);
}

// False: nobody listens there.
bool tcp_input_listen(stack& st, inpcb& inp, mbuf* m, const tcp_segment& s, const reopening& next) {
    tcpcb& tp = *inp.inp_ppcb;
    kern::mtx_enter(tp.t_mtx);
    const bool listens = tp.t_state == tcps_listen;
    kern::mtx_leave(tp.t_mtx);
    socket* head = listens ? in_pcbsoref(inp) : nullptr;
    if (head == nullptr) {
        return false;
    }
    if ((s.flags & th_rst) != 0) {
        m_drop(st, m, "badrst");
    } else if ((s.flags & th_ack) != 0) {
        tcp_refuse(st, m, s, "badack");
    } else if ((s.flags & th_syn) == 0) {
        m_drop(st, m, "nosyn");
    } else {
        tcp_accept_syn(st, *head, m, s, next);
    }
    sorele(st, head);
    return true;
}

}  // namespace

void tcp_input(stack& st, mbuf* m) {
    counter_inc(st, counter::tcps_rcvtotal);
    tcp_segment s;
    if (!tcp_check(st, m, &s)) {
        return;
    }
    // 0.0.0.0 is everybody, too, as 4.2BSD said it: what answered would have no address to come from.
    if ((m->flags & (M_BCAST | M_MCAST)) != 0 || s.ends.laddr == inaddr_broadcast ||
        s.ends.laddr == inaddr_any || in_multicast(s.ends.laddr)) {
        tcp_drop(st, m, counter::tcps_noport, "noport");
        return;
    }
    // Whoever is found may be closed before it is looked at: then the next who fits has it.
    reopening next;
    inpcb* by_state = pf::pf_inp_lookup(st, *m);
    bool taken = by_state != nullptr && tcp_input_connection(st, *by_state, m, s, next);
    if (!taken) {
        inpcb* inp = in_pcblookup(st.inet->tcbtable, s.ends);
        taken = inp != nullptr && inp != by_state && tcp_input_connection(st, *inp, m, s, next);
        in_pcbunref(st, inp);
    }
    in_pcbunref(st, by_state);
    if (!taken) {
        inpcb* inp = in_pcblookup_listen(st.inet->tcbtable, s.ends, *m);
        taken = inp != nullptr && tcp_input_listen(st, *inp, m, s, next);
        in_pcbunref(st, inp);
    }
    if (!taken) {
        counter_inc(st, counter::tcps_noport);
        tcp_refuse(st, m, s, "noport");
    }
}

}  // namespace model::netinet
