// A segment meets its connection: RFC 9293 3.10.7, in its order, without what comes out of order.
#include <cerrno>

#include "model/net/fate.h"
#include "model/net/stack.h"
#include "model/netinet/tcp.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

namespace {

// t_mtx is held all the time. Functions that return bool: false, the segment has been dealt with.
class arrival {
  public:
    arrival(stack& st, tcpcb& tp, socket& so, mbuf* m, const tcp_segment& s, tcp_work& work)
        : st_(st), tp_(tp), so_(so), m_(m), s_(s), work_(work) {}

    void run() {
        if (tp_.t_state == tcps_syn_sent) {
            in_syn_sent();
            return;
        }
        if (!is_in_order() || !is_in_window()) {
            return;
        }
        if ((s_.flags & th_rst) != 0) {
            reset();
        } else if ((s_.flags & th_syn) != 0) {
            refuse("synagain", true);  // RFC 5961 4: whoever means it will say so by a reset
        } else if ((s_.flags & th_ack) == 0) {
            refuse("noack", false);
        } else if (acknowledge() && take_data()) {
            if ((s_.flags & th_fin) != 0) {
                take_fin();
            }
            consume();
            tcp_output(st_, tp_, so_, ack_now_, work_);
        }
    }

  private:
    // ---- ways in which it ends
    void refuse(const char* reason, bool ack_now) {
        m_drop(st_, m_, reason);
        if (ack_now) {
            tcp_output(st_, tp_, so_, true, work_);
        }
    }
    void refuse_with_reset(const char* reason) {
        m_drop(st_, m_, reason);
        if (mbuf* rst = tcp_reset_or_null(st_, s_); rst != nullptr) {
            ml_enqueue(work_.out, rst);
        }
    }
    void consume() {
        if (m_ != nullptr) {
            fate_set(st_, *m_, fate::delivered, tp_.t_inpcb->inp_name);
            m_freem(st_, m_);
        }
    }
    void over(int error) {
        consume();
        tcp_drop_locked(tp_, so_, error, work_);
    }

    void in_syn_sent();
    void synchronize();
    void establish();
    bool is_in_order();
    bool is_in_window();
    void refuse_old();
    void reset();
    bool acknowledge();
    bool take_acknowledgement();
    bool take_data();
    void take_fin();

    stack& st_;
    tcpcb& tp_;
    socket& so_;
    mbuf* m_;  // null: the receive buffer has it
    tcp_segment s_;
    tcp_work& work_;
    bool ack_now_ = false;
};

// ---- the handshake ------------------------------------------------------------------------------

void arrival::in_syn_sent() {
    const bool acks = (s_.flags & th_ack) != 0;
    if (acks && (!seq_gt(s_.ack, tp_.iss) || seq_gt(s_.ack, tp_.snd_nxt))) {
        refuse_with_reset("badack");
    } else if ((s_.flags & th_rst) != 0) {
        if (acks) {
            counter_inc(st_, counter::tcps_drops);
            over(ECONNREFUSED);
        } else {
            refuse("badrst", false);
        }
    } else if ((s_.flags & th_syn) == 0) {
        refuse("nosyn", false);
    } else {
        synchronize();
        if (acks) {
            tp_.snd_una = s_.ack;
            establish();
        } else {
            tp_.t_state = tcps_syn_received;  // both have begun at once
        }
        consume();  // with the data of a SYN, which its sender sends again
        tcp_output(st_, tp_, so_, true, work_);
    }
}

void arrival::synchronize() {
    tp_.irs = s_.seq;
    tp_.rcv_nxt = s_.seq + 1;
    tp_.rcv_adv = tp_.rcv_nxt;
    tp_.rcv_adv += tcp_rcv_window(tp_, so_);
    tp_.snd_wnd = s_.win;
}

void arrival::establish() {
    tp_.t_state = tcps_established;
    counter_inc(st_, counter::tcps_connects);
    work_.connected = true;
    tcp_wakeup_locked(tp_);
}

// ---- where it lies ------------------------------------------------------------------------------

// Nothing of it is new. Its sender may have missed what we said.
void arrival::refuse_old() {
    counter_inc(st_, counter::tcps_rcvduppack);
    const bool rst = (s_.flags & th_rst) != 0;
    if (!rst && tp_.t_state == tcps_time_wait) {
        tcp_timewait_locked(st_, tp_);
    }
    refuse("duplicate", !rst);
}

// It begins with what we want next, once what we have is cut off.
bool arrival::is_in_order() {
    if (seq_gt(s_.seq, tp_.rcv_nxt)) {
        // Nobody keeps it: an acknowledgement says what is missing. To a reset that is a challenge (RFC 5961 3).
        counter_inc(st_, counter::tcps_rcvoopack);
        refuse("outoforder", true);
        return false;
    }
    uint32_t old = tp_.rcv_nxt - s_.seq;
    if (old == 0) {
        return true;
    }
    const uint32_t size =
        s_.len + ((s_.flags & th_syn) != 0 ? 1 : 0) + ((s_.flags & th_fin) != 0 ? 1 : 0);
    if (old >= size) {
        refuse_old();
        return false;
    }
    if ((s_.flags & th_syn) != 0) {
        s_.flags &= static_cast<uint8_t>(~th_syn);
        --old;
    }
    m_adj(*m_, old);
    s_.len -= old;
    s_.seq = tp_.rcv_nxt;
    return true;
}

bool arrival::is_in_window() {
    const uint32_t window = tcp_rcv_window(tp_, so_);
    if (s_.len <= window) {
        return true;
    }
    counter_inc(st_, counter::tcps_rcvpackafterwin);
    if (window == 0) {
        refuse("nowindow", true);
        return false;
    }
    m_trim(*m_, window);
    s_.len = window;
    s_.flags &= static_cast<uint8_t>(~th_fin);
    ack_now_ = true;
    return true;
}

// ---- what it says -------------------------------------------------------------------------------

void arrival::reset() {
    int error = 0;
    switch (tp_.t_state) {
        case tcps_syn_received:
            error = ECONNREFUSED;
            break;
        case tcps_closing:
        case tcps_last_ack:
        case tcps_time_wait:
            break;
        default:
            error = ECONNRESET;
            break;
    }
    counter_inc(st_, counter::tcps_drops);
    over(error);
}

bool arrival::acknowledge() {
    if (tp_.t_state == tcps_syn_received) {
        if (!seq_gt(s_.ack, tp_.snd_una) || seq_gt(s_.ack, tp_.snd_nxt)) {
            refuse_with_reset("badack");
            return false;
        }
        ++tp_.snd_una;  // the SYN; whatever else it acknowledges follows
        establish();
    }
    if (seq_gt(s_.ack, tp_.snd_nxt)) {
        refuse("badack", true);
        return false;
    }
    tp_.snd_wnd = s_.win;
    return !seq_gt(s_.ack, tp_.snd_una) || take_acknowledgement();
}

// Something new is acknowledged.
bool arrival::take_acknowledgement() {
    const uint32_t acked = s_.ack - tp_.snd_una;
    const bool fin = (tp_.t_flags & TF_SENTFIN) != 0 && s_.ack == tp_.snd_nxt;
    tp_.snd_data.erase(0, acked - (fin ? 1 : 0));
    tp_.snd_una = s_.ack;
    tcp_wakeup_locked(tp_);
    if (!fin) {
        return true;
    }
    switch (tp_.t_state) {
        case tcps_fin_wait_1:
            tp_.t_state = tcps_fin_wait_2;
            return true;
        case tcps_closing:
            tcp_timewait_locked(st_, tp_);
            return true;
        case tcps_last_ack:
            over(0);
            return false;
        default:
            return true;
    }
}

bool arrival::take_data() {
    if (s_.len == 0) {
        return true;
    }
    if (tp_.t_state != tcps_established && tp_.t_state != tcps_fin_wait_1 &&
        tp_.t_state != tcps_fin_wait_2) {
        refuse("afterfin", true);
        return false;
    }
    const in_ends& ends = s_.ends;
    const delivery outcome =
        (tp_.t_flags & TF_NOFDREF) != 0
            ? delivery::closed
            : sbappendaddr(st_, so_.so_rcv, m_, {ends.faddr, ends.fport}, tp_.t_inpcb->inp_name);
    switch (outcome) {
        case delivery::done:
            m_ = nullptr;
            tp_.rcv_nxt += s_.len;
            ack_now_ = true;
            return true;
        case delivery::full:
            refuse("fullsock", true);
            return false;
        case delivery::closed:
            // Nobody will read it, and who has sent it is not to believe otherwise.
            counter_inc(st_, counter::tcps_rcvafterclose);
            refuse_with_reset("rcvafterclose");
            tcp_drop_locked(tp_, so_, 0, work_);
            return false;
    }
    return false;
}

void arrival::take_fin() {
    ack_now_ = true;
    switch (tp_.t_state) {
        case tcps_established:
            tp_.t_state = tcps_close_wait;
            break;
        case tcps_fin_wait_1:
            tp_.t_state = tcps_closing;
            break;
        case tcps_fin_wait_2:
            tcp_timewait_locked(st_, tp_);
            break;
        default:
            return;  // it has been taken already
    }
    ++tp_.rcv_nxt;
    socantrcvmore(so_.so_rcv, 0);
}

}  // namespace

void tcp_segment_arrives(stack& st, tcpcb& tp, socket& so, mbuf* m, const tcp_segment& s,
                         tcp_work& work) {
    arrival(st, tp, so, m, s, work).run();
}

}  // namespace model::netinet
