// rtsock.h - routing sockets: who subscribes is told what changes in the table, in addresses, in interfaces.
// Source:  names after OpenBSD net/rtsock.c, net/route.h; route(4).
// Shapes:  a message is a value. A subscriber's buffer has room for rop_limit; what does not fit is lost, and so is all
//          that comes until the buffer is read empty. Then it reads one RTM_DESYNC, and what comes from there on.
//          Host order.
// Locks:   [I] immutable  [CA] conf_lock and the arp mutex to write, either to read: who changes something has one of
//          them, and tells of it in the same section, so that messages stand in the order of the changes. With nobody
//          on the list that is one look at plain memory  [B] rop_mtx, a leaf  [N] names_mtx, a leaf
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/kern/mutex.h"
#include "model/kern/refcnt.h"
#include "model/kern/sleep.h"
#include "model/net/if.h"
#include "model/net/route.h"

namespace model::net {

inline constexpr unsigned rop_limit_default = 40;  // messages; upstream has so many bytes
inline constexpr unsigned rop_limit_max = 4096;

struct rt_message {
    int type = 0;   // RTM_*
    int error = 0;  // of a request that changed nothing
    uint32_t dest = 0;
    uint8_t plen = 0;
    uint8_t priority = 0;  // without RTP_DOWN
    uint32_t flags = 0;    // RTF_*, or IFF_* of an interface
    uint32_t gateway = 0;  // with RTF_GATEWAY
    ether_addr lladdr = 0;
    uint32_t author = 0;  // RTM_REDIRECT: who said so
    uint32_t mtu = 0;
    uint16_t ifidx = 0;
    uint8_t tableid = 0;            // routing table of a route, domain of an address or interface
    char ifname[if_namesize] = {};  // RTM_IFINFO, RTM_IFANNOUNCE
    bool there = false;  // RTM_IFINFO: its link is not down; RTM_IFANNOUNCE: it has arrived
};

// What a subscriber wants to hear.
struct route_filter {
    uint32_t types = 0;     // ROUTE_MSGFILTER: a bit for each RTM_*; 0: all
    uint32_t flags = 0;     // ROUTE_FLAGFILTER: of routes with one of these it hears nothing
    unsigned priority = 0;  // ROUTE_PRIOFILTER: of routes behind this it hears nothing; 0: of all
    int tableid = 0;  // ROUTE_TABLEFILTER: of routes of others it hears nothing; any_table: of all
    unsigned rdomain = 0;  // of that table; route_attach sets it

    static constexpr int any_table = -1;
};

struct rtpcb {
    kern::refcnt rop_refcnt;             // the list, a name, who reads
    stack* rop_stack = nullptr;          // [I]
    route_filter rop_filter;             // [I]
    unsigned rop_limit = 0;              // [I]
    rtpcb* rop_next = nullptr;           // [CA] rtsock_state.list
    kern::mutex rop_mtx{kern::ipl_net};  // an interrupt that learns an address tells of it
    kern::sleep_channel rop_channel;     // who waits for a message or for the end
    std::deque<rt_message> queue;        // [B]
    bool rop_desync = false;  // [B] something was lost; nothing is queued until that is told
    bool rop_wait = false;    // [B] somebody sleeps, or is about to
    bool rop_closed = false;  // [B]
};

// A route as who reads the table knows it.
struct known_route {
    uint32_t dest;
    uint8_t plen;
    uint8_t priority;
    uint32_t gateway;
};

// A program that has opened one: the name that it has in commands, and what it has read.
struct route_listener {
    std::string name;
    rtpcb* rop = nullptr;         // [N] counted; null: closed
    std::vector<rt_message> got;  // [N]
    std::vector<known_route>
        table;         // [N] as it read the table, after opening and after each RTM_DESYNC
    size_t since = 0;  // [N] that was before got[since]
};

struct rtsock_state {
    rtpcb* list = nullptr;  // [CA]
    kern::mutex names_mtx{kern::ipl_none};
    std::vector<std::unique_ptr<route_listener>>
        names;  // [N] in the order in which they were first used
};

// ---- for who changes something: conf_lock is held -------------------------------------------------

// A route was added, deleted, changed. `had`: flags of it that it has lost on the way.
void rtm_send_locked(stack& st, int type, const rtentry& rt, uint32_t had = 0);
// RTM_MISS, RTM_REDIRECT, a request that failed: about no route, or about one that is told of otherwise, too.
void rtm_miss_locked(stack& st, const rt_message& m);
// RTM_NEWADDR, RTM_DELADDR
void rtm_addr_locked(stack& st, int type, const ifaddr& ifa);
void rtm_ifchg_locked(stack& st, const ifnet& ifp);                     // RTM_IFINFO
void rtm_ifannounce_locked(stack& st, const ifnet& ifp, bool arrived);  // RTM_IFANNOUNCE

// RTM_RESOLVE: a neighbour has told its address. The arp mutex is held, conf_lock is not.
void rtm_resolved_locked(stack& st, const rtentry& rt, ether_addr lladdr);

// ---- for who listens; may sleep -------------------------------------------------------------------

// It hears of whatever happens from now on; the reference is the caller's.
[[nodiscard]] rtpcb* route_attach(stack& st, const route_filter& filter, unsigned limit);
// It hears nothing any more, and who sleeps in route_read returns. Gives up the caller's reference.
void route_detach(stack& st, rtpcb* rop);
// The first message; `wait`: sleeps until there is one ("netio"). ENOTCONN: closed. EAGAIN: nothing is there.
// EINTR: a signal (kern/proc.h).
[[nodiscard]] int route_read(rtpcb& rop, bool wait, rt_message* m);
void rtpcb_unref(rtpcb* rop);

// Nobody runs: closes what is open.
void rtsock_destroy(stack& st);

}  // namespace model::net
