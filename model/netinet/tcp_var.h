// tcp_var.h - a TCP connection, and what packets, programs and its timer do to it.
// Source:  RFC 9293; names after OpenBSD netinet/tcp_var.h.
// Shapes:  sequence numbers and ports in host order. Data are taken in order only.
// Locks:   [I] immutable  [t] t_mtx, the connection's own. Under it: pf_inp_mtx, sb_mtx, timeouts, sleep channels,
//          and no rwlock, so that an interrupt may take it. Segments are made under it and sent after it, so two
//          CPUs may send them in another order. Addresses of a pcb do not change while t_state is not CLOSED.
//          Who has a pcb looked it up a while ago: after t_mtx is taken the state is looked at again.
//          The connection has the life of its pcb: who has a reference to that has this memory.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>
#include <string>

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"
#include "model/kern/timeout.h"
#include "model/net/mbuf.h"
#include "model/netinet/in_pcb.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_fsm.h"

namespace model::netinet {

inline constexpr uint32_t tcp_mssdflt = 536;    // RFC 9293 3.7.1: who says nothing takes that
inline constexpr uint32_t tcp_issincr = 64000;  // between two initial sequence numbers
inline constexpr int64_t tcptv_2msl = 60;       // seconds in TIME_WAIT
inline constexpr size_t tcp_sendspace = 16384;  // bytes that wait to be acknowledged

inline constexpr uint8_t TF_SENTFIN = 0x01;
inline constexpr uint8_t TF_NOFDREF = 0x02;  // no program has it any more
inline constexpr uint8_t TF_DEAD =
    0x04;  // it is over: who has set this takes the pcb from its socket

struct tcp_header;

struct tcpcb {
    net::stack* t_stack = nullptr;  // [I] for the timer, which knows only this
    inpcb* t_inpcb = nullptr;       // [I] not counted: it frees this
    kern::mutex t_mtx{kern::ipl_net};
    tcp_state t_state = tcps_closed;  // [t]
    uint8_t t_flags = 0;              // [t] TF_*
    int t_error = 0;                  // [t] why it is over
    uint32_t iss = 0;                 // [t] ours begins here
    uint32_t snd_una = 0;             // [t] the first that is not acknowledged
    uint32_t snd_nxt = 0;             // [t] the next to be sent
    uint32_t snd_wnd = 0;             // [t] what the other end takes, from snd_una on
    uint32_t irs = 0;                 // [t] theirs begins here
    uint32_t rcv_nxt = 0;             // [t] the next that we take
    uint32_t rcv_adv = 0;             // [t] we have said that we take up to here
    std::string snd_data;             // [t] from snd_una on
    bool t_wait = false;              // [t] somebody sleeps, or is about to
    kern::sleep_channel t_channel;    // who waits for the handshake, for room, for the end
    kern::timeout t_2msl;             // while it is armed it has a reference to the pcb
};

// What a segment says. Ends as for us: who sent it is `faddr`.
struct tcp_segment {
    in_ends ends;
    uint32_t seq = 0;
    uint32_t ack = 0;
    uint8_t flags = 0;
    uint16_t win = 0;
    uint32_t len = 0;  // of its data
};

// What is to be done when t_mtx has been given up.
struct tcp_work {
    net::mbuf_list out;      // segments
    bool connected = false;  // who accepts may have it
    bool close = false;      // TF_DEAD was set here
};

// ---- under t_mtx ----------------------------------------------------------------------------------

// A segment meets its connection, which is neither CLOSED nor LISTEN; consumes it. `m` is its data.
void tcp_segment_arrives(net::stack& st, tcpcb& tp, socket& so, net::mbuf* m, const tcp_segment& s,
                         tcp_work& work);
// Makes the segments that may be sent now: data, FIN; else one that acknowledges, if `ack_now`.
void tcp_output(net::stack& st, tcpcb& tp, socket& so, bool ack_now, tcp_work& work);
// The connection is over, unless it was already. Who waits learns why.
void tcp_drop_locked(tcpcb& tp, socket& so, int error, tcp_work& work);
// The same, and the other end is told if it knows of a connection.
void tcp_abort_locked(net::stack& st, tcpcb& tp, socket& so, int error, tcp_work& work);
// 2MSL from now on.
void tcp_timewait_locked(net::stack& st, tcpcb& tp);
// Who sleeps looks again.
void tcp_wakeup_locked(tcpcb& tp);
// What we take, which is never less than we have said.
[[nodiscard]] uint32_t tcp_rcv_window(const tcpcb& tp, socket& so);

// ---- without ----------------------------------------------------------------------------------------

// Sends, hands over to who accepts, and takes a pcb that is over from its socket. May sleep. What the first segment that
// could not be sent says.
int tcp_finish(net::stack& st, inpcb& inp, socket& so, tcp_work& work);

[[nodiscard]] tcpcb* tcp_newtcpcb(net::stack& st);
void tcp_freetcpcb(net::stack& st, tcpcb* tp);
// An initial sequence number. Each CPU counts through a range of its own, as with identifications.
[[nodiscard]] uint32_t tcp_newiss(net::stack& st);
// Takes back what the timer had if it was armed. Sleeps, if `wait`, until its function does not run any more.
void tcp_canceltimer(net::stack& st, tcpcb& tp, bool wait);

// A segment without data; null if there is no memory.
[[nodiscard]] net::mbuf* tcp_template(net::stack& st, const in_ends& ends, const tcp_header& h,
                                      size_t data);
void tcp_sum(net::mbuf& m);
// The reset that a segment calls for; null if none, or if there is no memory.
[[nodiscard]] net::mbuf* tcp_reset_or_null(net::stack& st, const tcp_segment& s);

// Nobody runs: every connection is over, without a word to the other end.
void tcp_destroy(net::stack& st);

}  // namespace model::netinet
