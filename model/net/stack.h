// stack.h - one router: everything of it that changes.
// Shapes:  several stacks may live side by side; they share nothing.
// Locks:   [I] immutable  [a] atomic  [C] conf_lock  [S] conf_lock to write, SMR to read  [c] per CPU
//          Order: conf_lock -> arp mutex -> leaves (queue, wire, timeouts, task queues, SMR queue) -> sleep channel.
//          A packet holds no configuration lock. Nothing is held across finalize or a barrier.
// Errors:  none.
#pragma once

#include <atomic>

#include "model/kern/clock.h"
#include "model/kern/log.h"
#include "model/kern/pool.h"
#include "model/kern/rwlock.h"
#include "model/kern/sleep.h"
#include "model/kern/smr.h"
#include "model/kern/taskq.h"
#include "model/kern/timeout.h"
#include "model/net/counters.h"
#include "model/net/fate.h"
#include "model/net/if_em.h"
#include "model/net/if_idxmap.h"
#include "model/net/rtable.h"
#include "model/net/rtable_map.h"
#include "model/net/rtsock.h"
#include "model/net/rttimer.h"
#include "model/net/softnet.h"
#include "model/net/wire.h"

namespace model::netinet {
struct arp_state;
struct in_state;
struct ip_state;
}  // namespace model::netinet
namespace model::pf {
struct pf_softc;
}

namespace model::net {

struct stack {
    // Starts the service contexts: smr, softclock, systq, and softnet0 and so on.
    stack(const char* name, unsigned cpus);
    // Everything must be over. Frees what is left: interfaces, addresses, routes.
    ~stack();
    stack(const stack&) = delete;
    stack& operator=(const stack&) = delete;

    char name[if_namesize] = {};  // [I]
    kern::uptime_clock clock;     // [I]
    kern::message_log log;        // own mutex
    kern::rwlock conf_lock;       // serialises who changes the configuration
    kern::smr_state smr;
    kern::timeouts timeouts{clock};               // called by softclock
    kern::taskq systq{"systq", kern::cpu_systq};  // whatever may sleep and is no packet
    kern::taskq softnet[kern::softnets_max] = {
        // packets; softnet_count are served
        {"softnet0", kern::cpu_softnet},
        {"softnet1", kern::cpu_softnet + 1},
        {"softnet2", kern::cpu_softnet + 2},
        {"softnet3", kern::cpu_softnet + 3},
    };
    const unsigned softnet_count;                    // [I]
    softnet_list softnet_input[kern::softnets_max];  // own mutexes: what each has to work on

    // What is alive, by kind.
    kern::pool ifnet_pool;    // [c]
    kern::pool ifaddr_pool;   // [c]
    kern::pool rtentry_pool;  // [c]
    kern::pool rttimer_pool;  // [c]
    kern::pool rtpcb_pool;    // [c]
    kern::pool llinfo_pool;   // [c]
    kern::pool mbuf_pool;     // [c]
    kern::pool inpcb_pool;    // [c]
    kern::pool socket_pool;   // [c]
    kern::pool tcpcb_pool;    // [c]
    kern::pool multi_pool;    // [c]
    counter_cells counters;   // [c]

    if_idxmap idxmap;                              // [S]
    ifnet* ifnetlist = nullptr;                    // [C]
    kern::sleep_channel* free_channels = nullptr;  // [C] channels of interfaces that are gone
    kern::smr_ptr<vlan_softc*> vlans;              // [S] all of them, up or not
    rtable routes;                                 // [S] table 0
    kern::smr_ptr<rtable_map*> rtmap;              // [S] the others; null: there are none
    // [a] larger behind each change of a table, which conf_lock is held for (route_cache.h)
    std::atomic<uint64_t> rtgeneration{1};
    rttimer_state rttimers;        // own mutex
    rtsock_state rtsock;           // rtsock.h
    wire wires[em_units_max];      // own mutexes
    packet_fate fates[fates_max];  // the packet's owner

    // Owned by netinet, made and freed by its functions.
    netinet::arp_state* arp = nullptr;  // [I]
    netinet::ip_state* ip = nullptr;    // [I]
    netinet::in_state* inet = nullptr;  // [I]
    pf::pf_softc* pf = nullptr;         // [I] made and freed by pf
};

inline void counter_inc(stack& st, counter which) {
    counters_inc(st.counters, which);
}

}  // namespace model::net
