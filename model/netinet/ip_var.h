// ip_var.h - what IPv4 keeps for a whole router: its sysctls, identifications, the rate of errors.
// Source:  net.inet.ip and net.inet.icmp of sysctl(2); defaults are OpenBSD's.
// Shapes:  rates are a second.
// Locks:   [a] atomic: written by sysctl, read once per packet  [c] CPU's own cell  [M] mtx
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/cpu.h"
#include "model/kern/mutex.h"
#include "model/netinet/ip_reass.h"

namespace model::net {
struct stack;
}

namespace model::netinet {

struct ip_state {
    std::atomic<int> forwarding{0};          // [a] net.inet.ip.forwarding
    std::atomic<int> redirect{1};            // [a] net.inet.ip.redirect: send them
    std::atomic<int> multipath{0};           // [a] net.inet.ip.multipath
    std::atomic<int> ttl{64};                // [a] net.inet.ip.ttl
    std::atomic<int> directed_broadcast{0};  // [a] net.inet.ip.directed-broadcast
    std::atomic<int> sourceroute{0};         // [a] net.inet.ip.sourceroute: follow them
    std::atomic<int> maxqueue{300};          // [a] net.inet.ip.maxqueue: fragments that may wait
    std::atomic<int> bmcastecho{0};          // [a] net.inet.icmp.bmcastecho
    std::atomic<int> maskrepl{0};            // [a] net.inet.icmp.maskrepl
    std::atomic<int> tstamprepl{0};          // [a] net.inet.icmp.tstamprepl
    std::atomic<int> rediraccept{0};         // [a] net.inet.icmp.rediraccept: follow them
    std::atomic<int> redirtimeout{600};      // [a] net.inet.icmp.redirtimeout: so long
    std::atomic<int> errppslimit{100};       // [a] net.inet.icmp.errppslimit; < 0: no limit

    struct alignas(64) cell {
        uint16_t id = 0;  // [c]
    };
    cell ids[kern::cpu_cells];

    kern::mutex mtx{kern::ipl_net};  // leaf; an interrupt that forwards may send an error
    int64_t error_second = 0;        // [M] the second in which
    int error_count = 0;             // [M] so many errors were sent

    ipq_state reass;  // own mutex
};

void ip_init(net::stack& st);  // makes st.ip
void ip_destroy(net::stack& st);

// Identification of a packet of ours. Each CPU counts through a range of its own, so that the bytes
// of a packet do not depend on what other CPUs send.
[[nodiscard]] uint16_t ip_newid(net::stack& st);

}  // namespace model::netinet
