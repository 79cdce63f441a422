#include "model/netinet/tcp_usrreq.h"

#include <cerrno>
#include <climits>
#include <cstdio>

#include "model/kern/proc.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "model/netinet/in_var.h"
#include "model/netinet/tcp_var.h"

namespace model::netinet {

using namespace net;

namespace {

// The connection of a socket while it is being worked on: a reference to its pcb, and t_mtx.
class using_tcp {
  public:
    using_tcp(stack& st, socket& so) : st_(st), so_(so), inp_(sotoinpcb(so)) {
        if (inp_ != nullptr) {
            kern::mtx_enter(tp().t_mtx);
        }
    }
    ~using_tcp() {
        if (inp_ != nullptr) {
            finish();
            in_pcbunref(st_, inp_);
        }
    }
    using_tcp(const using_tcp&) = delete;
    using_tcp& operator=(const using_tcp&) = delete;

    // Not if the connection is over.
    explicit operator bool() const { return inp_ != nullptr; }
    [[nodiscard]] tcpcb& tp() const { return *inp_->inp_ppcb; }
    tcp_work work;

    // Gives t_mtx up, and does what there is to do then.
    int finish() {
        int error = 0;
        if (!finished_) {
            finished_ = true;
            kern::mtx_leave(tp().t_mtx);
            error = tcp_finish(st_, *inp_, so_, work);
        }
        return error;
    }

    // Sleeps with nothing locked until `is_there()`, which is asked under t_mtx, and locked again then. EINTR,
    // EWOULDBLOCK: it is not there yet.
    template <typename Condition>
    [[nodiscard]] int wait(const char* wmesg, const Condition& is_there) {
        for (bool there = is_there(); !there;) {
            kern::mtx_leave(tp().t_mtx);
            kern::sleeper self;
            const kern::sleep_catch signals(&tp().t_channel);
            kern::sleep_setup(tp().t_channel, self, wmesg);
            kern::mtx_enter(tp().t_mtx);
            there = is_there();
            tp().t_wait = tp().t_wait || !there;
            kern::mtx_leave(tp().t_mtx);
            const int signal = there ? 0 : signals.pending();
            kern::sleep_finish(tp().t_channel, self, !there && signal == 0);
            kern::mtx_enter(tp().t_mtx);
            there = is_there();
            if (!there && signal != 0) {
                return signal;
            }
        }
        return 0;
    }

  private:
    stack& st_;
    socket& so_;
    inpcb* inp_;
    bool finished_ = false;
};

void tcp_attach(stack& st, socket& so, const char* name) {
    so.so_rcv.sb_limit = UINT_MAX;
    in_pcballoc(st, st.inet->tcbtable, so, name, tcp_newtcpcb(st));
}

// ---- beginning ------------------------------------------------------------------------------------

int tcp_listen(stack& st, socket& so, unsigned backlog) {
    solock(so);
    inpcb* inp = so.so_pcb;
    int error = inp == nullptr ? EINVAL : 0;
    if (error == 0 && inp->inp_lport == 0) {
        error = in_pcbbind(st, *inp, 0, 0, bind_to::own_address);
    }
    if (error == 0) {
        tcpcb& tp = *inp->inp_ppcb;
        kern::mtx_enter(tp.t_mtx);
        const bool may = tp.t_state <= tcps_listen && (tp.t_flags & TF_DEAD) == 0;
        error = may ? 0 : EINVAL;
        if (may) {
            soqlisten(so, backlog);
            tp.t_state = tcps_listen;
        }
        kern::mtx_leave(tp.t_mtx);
    }
    sounlock(so);
    return error;
}

int may_connect(const tcpcb& tp) {
    if ((tp.t_flags & TF_DEAD) != 0) {
        return EINVAL;
    }
    if (tp.t_state == tcps_closed) {
        return 0;
    }
    return tp.t_state == tcps_listen ? EOPNOTSUPP : EISCONN;
}

// Addresses are chosen under so_lock, without t_mtx: a lookup of routes is behind them. Two who connect are one behind the
// other; only who closes may be faster.
int tcp_connect(stack& st, socket& so, const sockaddr& to) {
    solock(so);
    inpcb* inp = so.so_pcb == nullptr ? nullptr : in_pcbref(so.so_pcb);
    if (inp == nullptr) {
        sounlock(so);
        return EINVAL;
    }
    tcpcb& tp = *inp->inp_ppcb;
    tcp_work work;
    kern::mtx_enter(tp.t_mtx);
    int error = may_connect(tp);
    kern::mtx_leave(tp.t_mtx);
    error = error == 0 ? in_pcbconnect(st, *inp, to.addr, to.port) : error;
    if (error == 0) {
        kern::mtx_enter(tp.t_mtx);
        error = may_connect(tp);
        if (error == 0) {
            counter_inc(st, counter::tcps_connattempt);
            tp.t_state = tcps_syn_sent;
            tp.iss = tcp_newiss(st);
            tp.snd_una = tp.snd_nxt = tp.iss;
            tcp_output(st, tp, so, false, work);
        }
        kern::mtx_leave(tp.t_mtx);
    }
    sounlock(so);
    if (const int unsent = tcp_finish(st, *inp, so, work); unsent != 0) {
        // There is no way: nothing would ever come back.
        error = unsent;
        kern::mtx_enter(tp.t_mtx);
        tcp_drop_locked(tp, so, error, work);
        kern::mtx_leave(tp.t_mtx);
        tcp_finish(st, *inp, so, work);
    }
    in_pcbunref(st, inp);
    return error;
}

// Why a connection is over, to who asks for it after that.
int error_of(socket& so, int otherwise) {
    const int error = sberror(so.so_rcv);
    return error != 0 ? error : otherwise;
}

int tcp_connected(stack& st, socket& so) {
    using_tcp use(st, so);
    if (!use) {
        return error_of(so, ENOTCONN);
    }
    tcpcb& tp = use.tp();
    const auto decided = [&] {
        return tp.t_state != tcps_syn_sent && tp.t_state != tcps_syn_received;
    };
    if (const int error = use.wait("netcon", decided); error != 0) {
        return error;  // it goes on connecting
    }
    if (tp.t_state <= tcps_listen) {
        return tp.t_error != 0 ? tp.t_error : ENOTCONN;
    }
    return 0;
}

void tcp_accepted(stack& st, socket& so, const char* name) {
    using_tcp use(st, so);
    if (use) {
        inpcb& inp = *use.tp().t_inpcb;
        snprintf(inp.inp_name, sizeof inp.inp_name, "%s", name);
        heddle_name(&inp, name_of("inpcb", name).text);
    }
}

// ---- data -----------------------------------------------------------------------------------------

// 0: it may send, or wait until it may.
int may_send(const tcpcb& tp) {
    switch (tp.t_state) {
        case tcps_closed:
            return tp.t_error != 0 ? tp.t_error : (tp.t_flags & TF_DEAD) != 0 ? EPIPE : ENOTCONN;
        case tcps_listen:
        case tcps_syn_sent:
        case tcps_syn_received:
            return ENOTCONN;
        case tcps_established:
        case tcps_close_wait:
            return 0;
        default:
            return EPIPE;
    }
}

int tcp_send(stack& st, socket& so, std::span<const uint8_t> bytes, const sockaddr* to) {
    if (to != nullptr) {
        return EISCONN;
    }
    if (bytes.size() > tcp_sendspace) {
        return EMSGSIZE;
    }
    using_tcp use(st, so);
    if (!use) {
        return error_of(so, EPIPE);
    }
    tcpcb& tp = use.tp();
    const auto has_room = [&] {
        return may_send(tp) != 0 || tp.snd_data.size() + bytes.size() <= tcp_sendspace;
    };
    if (const int error = use.wait("netio", has_room); error != 0) {
        return error;
    }
    if (const int error = may_send(tp); error != 0) {
        return error;
    }
    tp.snd_data.append(bytes.begin(), bytes.end());
    tcp_output(st, tp, so, false, use.work);
    return 0;
}

// Says that there is room again, if that is news: half of the buffer more than was said last.
void tcp_rcvd(stack& st, socket& so) {
    using_tcp use(st, so);
    if (use && use.tp().t_state >= tcps_established) {
        tcpcb& tp = use.tp();
        const uint32_t offered = tp.rcv_adv - tp.rcv_nxt;
        if (tcp_rcv_window(tp, so) - offered >= sb_hiwat / 2) {
            tcp_output(st, tp, so, true, use.work);
        }
    }
}

// ---- closing ----------------------------------------------------------------------------------------

// Our end says that it is over.
void usrclosed_locked(stack& st, tcpcb& tp, socket& so, tcp_work& work) {
    switch (tp.t_state) {
        case tcps_closed:
        case tcps_listen:
        case tcps_syn_sent:
            tcp_drop_locked(tp, so, 0, work);
            return;
        case tcps_syn_received:
        case tcps_established:
            tp.t_state = tcps_fin_wait_1;
            break;
        case tcps_close_wait:
            tp.t_state = tcps_last_ack;
            break;
        default:
            return;  // it has said so
    }
    tcp_output(st, tp, so, false, work);
}

int tcp_shutdown(stack& st, socket& so) {
    using_tcp use(st, so);
    if (!use) {
        return error_of(so, ENOTCONN);
    }
    if (use.tp().t_state < tcps_syn_received) {
        return ENOTCONN;
    }
    usrclosed_locked(st, use.tp(), so, use.work);
    return 0;
}

// Who connected to a socket that does not listen any more, and was not accepted, is told so.
void abort_queue(stack& st, socket& head) {
    for (socket* so : soqclose(head)) {
        if (using_tcp use(st, *so); use) {
            tcp_abort_locked(st, use.tp(), *so, ECONNABORTED, use.work);
        }
        sorele(st, so);
    }
}

void tcp_detach(stack& st, socket& so, closing how) {
    if (using_tcp use(st, so); use) {
        use.tp().t_flags |= TF_NOFDREF;
        if (how == closing::abort) {
            tcp_abort_locked(st, use.tp(), so, ECONNABORTED, use.work);
        } else {
            usrclosed_locked(st, use.tp(), so, use.work);
        }
    }
    abort_queue(st, so);
}

}  // namespace

const protosw tcp_proto = {.attach = tcp_attach,
                           .detach = tcp_detach,
                           .connect = tcp_connect,
                           .send = tcp_send,
                           .listen = tcp_listen,
                           .connected = tcp_connected,
                           .shutdown = tcp_shutdown,
                           .rcvd = tcp_rcvd,
                           .accepted = tcp_accepted};

}  // namespace model::netinet
