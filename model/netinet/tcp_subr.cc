// Connections: made, over, freed; segments: made, sent.
#include <cerrno>

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_output.h"
#include "model/netinet/tcp.h"
#include "model/netinet/tcp_var.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

uint32_t tcp_newiss(stack& st) {
    const unsigned cpu = kern::cpu_number();
    const kern::spl_high alone;  // a segment may come in an interrupt
    constexpr uint32_t range = 1000;
    const uint32_t count = ++st.inet->tcp_iss[cpu].count % range;
    return (cpu * range + count) * tcp_issincr;
}

void tcp_freetcpcb(stack& st, tcpcb* tp) {
    kern::pool_put(st.tcpcb_pool, tp);
}

// ---- segments -----------------------------------------------------------------------------------

mbuf* tcp_template(stack& st, const in_ends& ends, const tcp_header& h, size_t data) {
    mbuf* m = m_get(st, ip_size_min + tcp_size_min + data);
    if (m != nullptr) {
        const ip_view ip({m->data, m->len});
        ip.write({.protocol = ipproto_tcp, .source = ends.laddr, .destination = ends.faddr}, 0);
        tcp_view(ip.payload()).write(h);
    }
    return m;
}

void tcp_sum(mbuf& m) {
    const ip_view ip({m.data, m.len});
    tcp_view(ip.payload())
        .set_sum(in4_cksum(ip.source(), ip.destination(), ipproto_tcp, ip.payload()));
}

mbuf* tcp_reset_or_null(stack& st, const tcp_segment& s) {
    if ((s.flags & th_rst) != 0) {
        return nullptr;
    }
    tcp_header h = {.source = s.ends.lport, .destination = s.ends.fport};
    if ((s.flags & th_ack) != 0) {
        h.sequence = s.ack;
        h.flags = th_rst;
    } else {
        // Nobody has acknowledged anything: this does, so that the other end believes it.
        h.acknowledgement =
            s.seq + s.len + ((s.flags & th_syn) != 0 ? 1 : 0) + ((s.flags & th_fin) != 0 ? 1 : 0);
        h.flags = th_rst | th_ack;
    }
    mbuf* m = tcp_template(st, s.ends, h, 0);
    if (m != nullptr) {
        tcp_sum(*m);
        counter_inc(st, counter::tcps_sndrst);
    }
    return m;
}

// ---- over -----------------------------------------------------------------------------------------

void tcp_wakeup_locked(tcpcb& tp) {
    if (tp.t_wait) {
        tp.t_wait = false;
        kern::wakeup(tp.t_channel);
    }
}

void tcp_drop_locked(tcpcb& tp, socket& so, int error, tcp_work& work) {
    if ((tp.t_flags & TF_DEAD) != 0) {
        return;
    }
    tp.t_state = tcps_closed;
    tp.t_flags |= TF_DEAD;
    tp.t_error = error;
    work.close = true;
    socantrcvmore(so.so_rcv, error);
    tcp_wakeup_locked(tp);
}

void tcp_abort_locked(stack& st, tcpcb& tp, socket& so, int error, tcp_work& work) {
    if (tp.t_state >= tcps_syn_received && tp.t_state != tcps_time_wait) {
        const inpcb& inp = *tp.t_inpcb;
        mbuf* m = tcp_template(st, {inp.inp_faddr, inp.inp_laddr, inp.inp_fport, inp.inp_lport},
                               {.source = inp.inp_lport,
                                .destination = inp.inp_fport,
                                .sequence = tp.snd_nxt,
                                .acknowledgement = tp.rcv_nxt,
                                .flags = th_rst | th_ack},
                               0);
        if (m != nullptr) {
            tcp_sum(*m);
            counter_inc(st, counter::tcps_sndrst);
            ml_enqueue(work.out, m);
        }
    }
    tcp_drop_locked(tp, so, error, work);
}

namespace {

// Takes the pcb from its socket: only who has set TF_DEAD comes here, so the socket is still there.
void tcp_close(stack& st, inpcb& inp, socket& so) {
    counter_inc(st, counter::tcps_closed);
    tcp_canceltimer(st, *inp.inp_ppcb, false);
    const bool queued = soqremque(so);
    solock(so);
    in_pcbdetach(st, inp);
    sounlock(so);
    if (queued) {
        sorele(st, &so);
    }
}

// All go the way that the first finds, unless the table changes meanwhile.
int tcp_send_segments(stack& st, inpcb& inp, mbuf_list& out) {
    int first = 0;
    using_route way(inp);
    while (mbuf* m = ml_dequeue(out)) {
        counter_inc(st, counter::tcps_sndtotal);
        m->ph_rtableid = inp.inp_rtableid;
        pf::pf_mbuf_link_inpcb(st, *m, &inp);
        uint32_t mtu = 0;
        const int error = ip_output(st, m, &way.get(), 0, &mtu);
        first = first == 0 ? error : first;
    }
    return first;
}

}  // namespace

// The caller has references to the pcb and to the socket.
int tcp_finish(stack& st, inpcb& inp, socket& so, tcp_work& work) {
    if (work.connected) {
        soisconnected(so);
    }
    const int first = work.out.head == nullptr ? 0 : tcp_send_segments(st, inp, work.out);
    // Behind the last segment: pf translates what leaves by the state that goes with the pcb.
    if (work.close) {
        tcp_close(st, inp, so);
    }
    work = {};
    return first;
}

void tcp_destroy(stack& st) {
    for (inpcb* inp : in_pcbs(st.inet->tcbtable)) {
        tcpcb& tp = *inp->inp_ppcb;
        tcp_canceltimer(st, tp, true);
        socket* so = in_pcbsoref(*inp);
        if (so != nullptr) {
            tcp_work work;
            kern::mtx_enter(tp.t_mtx);
            tcp_drop_locked(tp, *so, 0, work);
            kern::mtx_leave(tp.t_mtx);
            tcp_finish(st, *inp, *so, work);
            for (socket* queued : soqclose(*so)) {
                sorele(st, queued);
            }
        }
        sorele(st, so);
        in_pcbunref(st, inp);
    }
}

}  // namespace model::netinet
