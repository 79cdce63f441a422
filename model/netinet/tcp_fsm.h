// tcp_fsm.h - the states of a TCP connection.
// Source:  RFC 9293 3.3.2; names and order after OpenBSD netinet/tcp_fsm.h.
// Shapes:  in the order in which they are gone through: who is further than CLOSE_WAIT has closed.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::netinet {

enum tcp_state : uint8_t {
    tcps_closed,
    tcps_listen,
    tcps_syn_sent,
    tcps_syn_received,
    tcps_established,
    tcps_close_wait,
    tcps_fin_wait_1,
    tcps_closing,
    tcps_last_ack,
    tcps_fin_wait_2,
    tcps_time_wait
};

// As netstat(1) and pfctl(8) print them.
inline constexpr const char* tcpstates[] = {"CLOSED",      "LISTEN",     "SYN_SENT",   "SYN_RCVD",
                                            "ESTABLISHED", "CLOSE_WAIT", "FIN_WAIT_1", "CLOSING",
                                            "LAST_ACK",    "FIN_WAIT_2", "TIME_WAIT"};

}  // namespace model::netinet
