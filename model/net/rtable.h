// rtable.h - the routing table: ART nodes with their routes, and a list of all routes.
// Source:  names after OpenBSD net/rtable.c.
// Shapes:  routes to one destination stand sorted by priority, lowest first.
// Locks:   [S] conf_lock to write, SMR to read  [C] conf_lock  [a] atomic
//          Tables by number: rtable_map.h
// Errors:  int errno: EEXIST.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/net/art.h"

namespace model::net {

struct stack;

struct rtable {
    uint8_t id = 0;       // [I]
    uint8_t rdomain = 0;  // [I] the table that has the neighbours and addresses of its interfaces
    std::atomic<uint32_t> loindex{0};  // [a] of a domain: the loopback of it; 0: there is none
    art_root root;                     // [S]
    rtentry* all_head = nullptr;       // [C] every route in the table, in order of insertion
    rtentry* all_tail = nullptr;       // [C]
    uint32_t hash_seed = 0x9e3779b9;   // [I] so that not every router divides senders alike
};

// The best route to `dst`, referenced, and its flags when it was found; null if none. Of several that share the
// destination the one for who sends from `src`, unless that is 0 or net.inet.ip.multipath is off. In a table that
// does not exist there is none.
struct rtable_found {
    rtentry* rt;
    uint32_t flags;
};
[[nodiscard]] rtable_found rtable_match(stack& st, uint32_t dst, uint32_t src, unsigned tableid);

// The route to exactly this prefix with this priority (RTP_ANY: the best), not referenced; null if
// none. What says that the link is down does not count. conf_lock is held.
[[nodiscard]] rtentry* rtable_lookup_locked(stack& st, uint32_t dst, uint8_t plen, unsigned prio,
                                            unsigned tableid);

// The one of them with this gateway; null if none.
[[nodiscard]] rtentry* rtable_lookup_gateway_locked(stack& st, uint32_t dst, uint8_t plen,
                                                    unsigned prio, uint32_t gateway,
                                                    unsigned tableid);

// Makes the route findable in its rt_table; the table takes a reference. EEXIST: same destination and priority,
// and not both with RTF_MPATH and gateways of their own.
[[nodiscard]] int rtable_insert_locked(stack& st, rtentry& rt);

// Takes the route out; it must be in. The table's reference stays until rtable_put_locked, which
// gives it up after a grace period: the caller may go on using the route until then.
void rtable_delete_locked(stack& st, rtentry& rt);
void rtable_put_locked(stack& st, rtentry& rt);

// Gives the route another priority, with or without RTP_DOWN, and the place that goes with it. One that is alone
// only gets the number: no reader ever finds its node without a route.
void rtable_mpath_reprio_locked(rtentry& rt, unsigned priority);

// Puts a route in the place of another to the same destination with the same priority; at no time
// is there none. References as with insert and delete.
void rtable_replace_locked(stack& st, rtentry& old_rt, rtentry& new_rt);

}  // namespace model::net
