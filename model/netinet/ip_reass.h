// ip_reass.h - fragments for us wait for each other, and become the packet that they were.
// Source:  RFC 791 3.2; RFC 3168 5.3; ip_fragcheck, ip_reass, ip_flush, ip_slowtimo of OpenBSD netinet/ip_input.c.
// Shapes:  offsets and lengths in bytes of what stands behind the header. The fragments of a queue are sorted and do not
//          overlap. What came first stays, where a fragment begins in it; else what comes later replaces it. A queue
//          lives for 30 seconds; sysctl net.inet.ip.maxqueue is the most fragments of all queues.
// Locks:   [Q] ipq mutex, a leaf: under it fragments are linked, cut and unlinked, a timeout is armed, nothing is sent or
//          freed. Whoever brings the last one takes the queue out, and joins it without the mutex.
// Errors:  null: the fragment waits, or has been dropped. A queue that is given up causes no ICMP error, as in the original.
#pragma once

#include <cstdint>

#include "model/kern/mutex.h"
#include "model/kern/timeout.h"

namespace model::net {
struct mbuf;
struct stack;
}  // namespace model::net

namespace model::netinet {

inline constexpr int64_t ip_frag_ttl = 30;  // seconds: IPFRAGTTL of half a second each
inline constexpr unsigned ip_flush_max =
    50;  // queues that are given up at once, if there are too many

struct ipqent {
    ipqent* next = nullptr;  // [Q]
    net::mbuf* m =
        nullptr;  // [Q] what stands behind the header; the first one's header stands in front
    uint32_t offset = 0;  // [Q]
    uint32_t length = 0;  // [Q]
    uint32_t header = 0;  // [Q] size of its header
    bool more = false;    // [Q] it is not the last one
    uint8_t rdomain = 0;  // [Q] routing domain that it came in
};

// The fragments of one packet that are here.
struct ipq {
    ipq* next = nullptr;      // [Q]
    uint32_t src = 0;         // [Q]
    uint32_t dst = 0;         // [Q]
    uint16_t id = 0;          // [Q]
    uint8_t protocol = 0;     // [Q]
    uint8_t rdomain = 0;      // [Q]
    uint8_t ecn = 0;          // [Q] of the first that came; ecn_ce once one is marked
    int64_t expire = 0;       // [Q]
    ipqent* fragq = nullptr;  // [Q]
    unsigned count = 0;       // [Q]
};

struct ipq_state {
    kern::mutex mtx{kern::ipl_net};  // an interrupt may work on a packet to its end
    ipq* list = nullptr;             // [Q] the newest first
    unsigned fragments = 0;          // [Q] of all queues
    int64_t due = 0;                 // [Q] until when the oldest may wait
    kern::timeout slowtimo;          // armed for then while there is a queue
};

void ip_reass_init(net::stack& st);
// All that wait are dropped; nobody brings any more, and the timeout does not run any more. May sleep.
void ip_drain(net::stack& st);

// A fragment for us, its header checked. The whole packet, if it was the one that was missing. Consumes it.
[[nodiscard]] net::mbuf* ip_fragcheck(net::stack& st, net::mbuf* m);

// Invariants; the argument is the stack. Under the ipq mutex: fragments are counted, sorted and apart, no queue is
// without any. At the end: who is told to wait does.
int ipq_sound(void* st);
int ipq_told(void* st);

}  // namespace model::netinet
