// What a connection sends: in order, within the window of the other end, each byte once.
#include <algorithm>
#include <cstring>

#include "model/net/stack.h"
#include "model/netinet/ip.h"
#include "model/netinet/tcp.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

uint32_t tcp_rcv_window(const tcpcb& tp, socket& so) {
    const auto space = static_cast<uint32_t>(sbspace(so.so_rcv));
    const uint32_t offered = seq_gt(tp.rcv_adv, tp.rcv_nxt) ? tp.rcv_adv - tp.rcv_nxt : 0;
    return std::max(space, offered);
}

namespace {

struct outgoing {
    uint32_t sequence = 0;
    uint8_t flags = 0;
    size_t offset = 0;  // of its data in snd_data
    size_t length = 0;
};

// False: there is no memory for it, and it is lost as on the wire.
bool add_segment(stack& st, tcpcb& tp, socket& so, const outgoing& o, tcp_work& work) {
    const inpcb& inp = *tp.t_inpcb;
    const uint32_t window = tcp_rcv_window(tp, so);
    const bool acks = (o.flags & th_ack) != 0;
    mbuf* m = tcp_template(st, {inp.inp_faddr, inp.inp_laddr, inp.inp_fport, inp.inp_lport},
                           {.source = inp.inp_lport,
                            .destination = inp.inp_fport,
                            .sequence = o.sequence,
                            .acknowledgement = acks ? tp.rcv_nxt : 0,
                            .flags = o.flags,
                            .window = static_cast<uint16_t>(std::min(window, 0xffffU))},
                           o.length);
    if (m == nullptr) {
        return false;
    }
    if (acks) {
        tp.rcv_adv = tp.rcv_nxt + window;
    }
    if (o.length != 0) {
        memcpy(m->data + m->len - o.length, tp.snd_data.data() + o.offset, o.length);
    }
    tcp_sum(*m);
    ml_enqueue(work.out, m);
    return true;
}

// Before the handshake is over. Once more if the other end asks: what it got may have been lost on its way back.
void output_syn(stack& st, tcpcb& tp, socket& so, bool again, tcp_work& work) {
    if (tp.snd_nxt == tp.iss || again) {
        const uint8_t flags = tp.t_state == tcps_syn_sent ? th_syn : th_syn | th_ack;
        tp.snd_nxt = tp.iss + 1;
        add_segment(st, tp, so, {.sequence = tp.iss, .flags = flags}, work);
    }
}

bool wants_fin(const tcpcb& tp) {
    return (tp.t_flags & TF_SENTFIN) == 0 &&
           (tp.t_state == tcps_fin_wait_1 || tp.t_state == tcps_closing ||
            tp.t_state == tcps_last_ack);
}

}  // namespace

void tcp_output(stack& st, tcpcb& tp, socket& so, bool ack_now, tcp_work& work) {
    if (tp.t_state == tcps_syn_sent || tp.t_state == tcps_syn_received) {
        output_syn(st, tp, so, ack_now, work);
        return;
    }
    for (;;) {
        const size_t sent = std::min<size_t>(tp.snd_nxt - tp.snd_una, tp.snd_data.size());
        const size_t unsent = tp.snd_data.size() - sent;
        const size_t usable = tp.snd_wnd > sent ? tp.snd_wnd - sent : 0;
        const size_t length = std::min({unsent, usable, size_t{tcp_mssdflt}});
        const bool fin = length == unsent && wants_fin(tp);
        if (length == 0 && !fin) {
            break;
        }
        outgoing o = {tp.snd_nxt, th_ack, sent, length};
        o.flags |= length != 0 && length == unsent ? th_push : 0;
        o.flags |= fin ? th_fin : 0;
        tp.t_flags |= fin ? TF_SENTFIN : 0;
        tp.snd_nxt += static_cast<uint32_t>(length) + (fin ? 1 : 0);
        ack_now = !add_segment(st, tp, so, o, work) && ack_now;
    }
    if (ack_now) {
        add_segment(st, tp, so, {.sequence = tp.snd_nxt, .flags = th_ack}, work);
    }
}

}  // namespace model::netinet
