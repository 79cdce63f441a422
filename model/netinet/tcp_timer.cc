// The timer of a connection: in TIME_WAIT, and only there.
//
// While it is armed it has a reference to the pcb. Who disarms it takes the reference over; where timeout_del says that
// it was not armed, its function has it, and may be running.
#include "model/net/stack.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

namespace {

void tcp_timer_2msl(void* argument);

}  // namespace

tcpcb* tcp_newtcpcb(stack& st) {
    auto* tp = kern::pool_get<tcpcb>(st.tcpcb_pool);
    tp->t_stack = &st;
    heddle_lock_class(&tp->t_mtx, "t_mtx");
    kern::timeout_set_housekeeping(tp->t_2msl, tcp_timer_2msl, tp, "tcp_2msl");
    return tp;
}

namespace {

void tcp_timer_2msl(void* argument) {
    tcpcb& tp = *static_cast<tcpcb*>(argument);
    stack& st = *tp.t_stack;
    inpcb* inp = tp.t_inpcb;
    // Who has closed it meanwhile has taken its socket.
    if (socket* so = in_pcbsoref(*inp); so != nullptr) {
        tcp_work work;
        kern::mtx_enter(tp.t_mtx);
        // Armed again since it was due: a FIN has come once more, and it waits from then on.
        if (!kern::timeout_pending(st.timeouts, tp.t_2msl)) {
            tcp_drop_locked(tp, *so, 0, work);
        }
        kern::mtx_leave(tp.t_mtx);
        tcp_finish(st, *inp, *so, work);
        sorele(st, so);
    }
    in_pcbunref(st, inp);
}

}  // namespace

void tcp_timewait_locked(stack& st, tcpcb& tp) {
    tp.t_state = tcps_time_wait;
    in_pcbref(tp.t_inpcb);
    if (kern::timeout_add_sec(st.timeouts, tp.t_2msl, tcptv_2msl) == 0) {
        in_pcbunref(st, tp.t_inpcb);  // it has one; nor is this the last: who is here has one, too
    }
}

void tcp_canceltimer(stack& st, tcpcb& tp, bool wait) {
    const int was_armed = wait ? kern::timeout_del_barrier(st.timeouts, tp.t_2msl)
                               : kern::timeout_del(st.timeouts, tp.t_2msl);
    if (was_armed != 0) {
        in_pcbunref(st, tp.t_inpcb);
    }
}

}  // namespace model::netinet
