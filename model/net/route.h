// route.h - routes: lookup, references, adding, deleting, cloning.
// Source:  names after OpenBSD net/route.c and net/route.h.
// Shapes:  host order. A gateway route has its next hop's route for life: to change the gateway is
//          to replace the route as a whole.
// Locks:   [I] immutable once in the table  [a] atomic  [C] conf_lock  [S] conf_lock, SMR to read
//          [T] rttimer_mtx
//          Functions ending in _locked want conf_lock; those without must not be called with it if
//          they say that they take it.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/refcnt.h"
#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"
#include "model/net/ethernet.h"

namespace model::netinet {
struct llinfo_arp;
}

namespace model::net {

struct ifaddr;
struct ifnet;
struct art_node;
struct art_table;
struct rtable;
struct rttimer;

inline constexpr uint32_t RTF_UP = 0x1;
inline constexpr uint32_t RTF_GATEWAY = 0x2;
inline constexpr uint32_t RTF_HOST = 0x4;
inline constexpr uint32_t RTF_REJECT = 0x8;
inline constexpr uint32_t RTF_DYNAMIC = 0x10;
inline constexpr uint32_t RTF_MODIFIED = 0x20;
inline constexpr uint32_t RTF_CLONING = 0x100;
inline constexpr uint32_t RTF_MULTICAST = 0x200;
inline constexpr uint32_t RTF_LLINFO = 0x400;
inline constexpr uint32_t RTF_STATIC = 0x800;
inline constexpr uint32_t RTF_BLACKHOLE = 0x1000;
inline constexpr uint32_t RTF_PERMANENT_ARP = 0x2000;
inline constexpr uint32_t RTF_ANNOUNCE = 0x4000;
inline constexpr uint32_t RTF_CLONED = 0x10000;
inline constexpr uint32_t RTF_CACHED = 0x20000;
inline constexpr uint32_t RTF_MPATH = 0x40000;
inline constexpr uint32_t RTF_LOCAL = 0x200000;
inline constexpr uint32_t RTF_BROADCAST = 0x400000;
inline constexpr uint32_t RTF_CONNECTED = 0x800000;

inline constexpr unsigned RTP_ANY = 64;  // wildcard
inline constexpr unsigned RTP_LOCAL = 1;
inline constexpr unsigned RTP_CONNECTED = 4;
inline constexpr unsigned RTP_STATIC = 8;
inline constexpr unsigned RTP_DEFAULT = 56;
inline constexpr unsigned RTP_MASK = 0x7f;
inline constexpr unsigned RTP_DOWN =
    0x80;  // beside the priority while the link is down: behind all

inline constexpr unsigned RT_RESOLVE = 1;  // flag of rtalloc: clone a host route if asked to

inline constexpr int RTM_ADD = 1;
inline constexpr int RTM_DELETE = 2;
inline constexpr int RTM_CHANGE = 3;
inline constexpr int RTM_REDIRECT = 6;
inline constexpr int RTM_MISS = 7;
inline constexpr int RTM_RESOLVE = 11;
inline constexpr int RTM_NEWADDR = 12;
inline constexpr int RTM_DELADDR = 13;
inline constexpr int RTM_IFINFO = 14;
inline constexpr int RTM_IFANNOUNCE = 15;
inline constexpr int RTM_DESYNC = 16;
inline constexpr int RTM_INVALIDATE = 17;  // of if_rtrequest alone

struct rtentry {
    uint32_t rt_dest = 0;                 // [I] masked
    uint8_t rt_plen = 0;                  // [I]
    uint16_t rt_ifidx = 0;                // [I] 0: it leads nowhere
    uint64_t rt_ifserial = 0;             // [I] if_serial of that interface
    std::atomic<uint32_t> rt_flags{0};    // [a] RTF_*
    std::atomic<uint8_t> rt_priority{0};  // [a]
    std::atomic<uint32_t> rt_mtu{0};      // [a] 0: the interface's
    std::atomic<int64_t> rt_expire{0};    // [a] uptime in seconds; 0: never
    uint32_t rt_gateway = 0;              // [I] with RTF_GATEWAY: the next hop's address
    ether_addr rt_lladdr = 0;             // [I] link-level gateway it was added with; 0: none
    rtentry* rt_gwroute = nullptr;        // [I] with RTF_GATEWAY: the next hop's route, counted
    rtentry* rt_parent = nullptr;         // [I] with RTF_CLONED: what it was cloned from, counted
    ifaddr* rt_ifa = nullptr;             // [I] counted
    kern::refcnt rt_refcnt;               // [a]
    // [a] made by if_rtrequest; netinet::arp_llfree frees it with the route
    std::atomic<netinet::llinfo_arp*> rt_llinfo{nullptr};
    unsigned rt_cachecnt = 0;     // [C] gateway routes whose next hop this is
    bool rt_timed = false;        // [C] it has, or had, a timer
    rttimer* rt_timer = nullptr;  // [T] rttimer_mtx: those that run (rttimer.h)

    stack* rt_stack = nullptr;            // [I]
    rtable* rt_table = nullptr;           // [I] which it is made for
    kern::smr_ptr<rtentry*> rt_next;      // [S] next route to the same destination
    art_node* rt_node = nullptr;          // [C] null: not in the table
    rtentry* rt_all_next = nullptr;       // [C] rtable.all_head
    rtentry* rt_all_prev = nullptr;       // [C]
    kern::smr_entry rt_smr;               // used when it leaves the table
    art_node* rt_dead_node = nullptr;     // freed together with the table's reference
    art_table* rt_dead_tables = nullptr;  // likewise
};

// What rtrequest is asked for.
struct rt_addrinfo {
    uint32_t dest = 0;
    uint8_t plen = 0;
    uint32_t flags = 0;  // RTF_*
    unsigned priority = 0;
    uint16_t ifidx = 0;
    ifaddr* ifa = nullptr;     // borrowed
    uint32_t gateway = 0;      // with RTF_GATEWAY
    ether_addr lladdr = 0;     // link-level gateway, 0: none
    int64_t expire = 0;        // rt_expire from the start
    uint32_t mtu = 0;          // 0: the interface's
    bool makes_table = false;  // of domain 0, if there is no such table and nothing else is wrong
};

// ---- lookup -------------------------------------------------------------------------------------

// The best route to `dst` in a table, referenced; null if none. With RT_RESOLVE a hit on a cloning route makes
// a host route and returns that: takes conf_lock, may sleep. An interface reference may be held:
// nobody waits for references with conf_lock.
[[nodiscard]] rtentry* rtalloc(stack& st, uint32_t dst, unsigned flags, unsigned tableid);
// The same with RT_RESOLVE for packets of `src`: of routes that share a destination one is chosen by both.
[[nodiscard]] rtentry* rtalloc_mpath(stack& st, uint32_t dst, uint32_t src, unsigned tableid);
// The same for a caller that has conf_lock.
[[nodiscard]] rtentry* rtalloc_locked(stack& st, uint32_t dst, unsigned flags, unsigned tableid);

// Not null, up, and so is its next hop.
[[nodiscard]] bool rtisvalid(const rtentry* rt);

// Whether it leads to no interface: with RTF_REJECT who sends there is told, with RTF_BLACKHOLE nobody is.
// Neighbour entries that do not answer have RTF_REJECT, too, and an interface.
[[nodiscard]] inline bool rt_is_nowhere(const rtentry& rt) {
    return rt.rt_ifidx == 0;
}

void rtref(rtentry& rt);
void rtfree(rtentry* rt);  // null is fine; the last one frees it

// The interface of a route, referenced; null if it has gone. A route may outlive it, and another may
// have its index by then.
[[nodiscard]] ifnet* rt_getif(stack& st, const rtentry& rt);

// The route that has the link-level address: the next hop's, or rt itself. Lives as long as rt does.
[[nodiscard]] rtentry* rt_getll(rtentry& rt);

// ---- changes; conf_lock is held -----------------------------------------------------------------
// Behind each the generation of the table is another: who has kept a route looks again.

// Adds a route. With RTF_MPATH it may share destination and priority with others that have other gateways; it
// has the flag, and so have they, while it does. With RTF_REJECT or RTF_BLACKHOLE it leads nowhere, whatever its
// gateway. EEXIST: there is one with that priority, or with that gateway, too (a clone that nobody caches gives
// way). ENETUNREACH: the gateway is no neighbour; EHOSTUNREACH: not on that interface; ENXIO: there is no such
// interface. EINVAL: no such table, and none is to be made. A gateway route without ifidx or ifa takes those of the way to its gateway,
// which is looked for in the table's domain. If `made` is not null,
// it gets the route, referenced.
[[nodiscard]] int rtrequest_add_locked(stack& st, const rt_addrinfo& info, rtentry** made,
                                       unsigned tableid);

// Deletes the route to exactly this prefix. ESRCH: no such route, or over another interface than
// `ifidx` (0: any). `gone` as above.
[[nodiscard]] int rtrequest_delete_locked(stack& st, uint32_t dest, uint8_t plen, unsigned prio,
                                          uint16_t ifidx, rtentry** gone, unsigned tableid);
// Deletes exactly this one, which is in the table: several may have its destination and priority.
void rtdelete_locked(stack& st, rtentry& rt);

// Replaces a gateway route by one with another gateway. ESRCH: no such route. EEXIST: another that shares its
// destination has that gateway.
[[nodiscard]] int rtrequest_change_locked(stack& st, uint32_t dest, uint8_t plen, unsigned prio,
                                          uint32_t gateway, unsigned tableid);
// The same with exactly this one, which is in the table; the new one has the flags `more`, too.
[[nodiscard]] int rtchange_locked(stack& st, rtentry& old_rt, uint32_t gateway, uint32_t more);

// Routes that come with an address: in the table of its domain, over its interface, priority by flags (LOCAL, CONNECTED).
[[nodiscard]] int rt_ifa_add_locked(stack& st, ifaddr& ifa, uint32_t flags, uint32_t dest,
                                    uint8_t plen);
[[nodiscard]] int rt_ifa_del_locked(stack& st, ifaddr& ifa, uint32_t flags, uint32_t dest,
                                    uint8_t plen);

// Deletes every route whose rt_ifa this is, in every table of its domain, and what was cloned from them.
void rt_ifa_purge_locked(stack& st, ifaddr& ifa);

// There are no interfaces any more: deletes the routes that are left, which lead nowhere.
void rt_purge_locked(stack& st);

// Calls function(rt, argument) for every route in each table, table by table; the callback must not change it.
void rtable_walk_locked(stack& st, void (*function)(rtentry& rt, void* argument), void* argument);

[[nodiscard]] uint32_t plen_to_mask(uint8_t plen);

}  // namespace model::net
