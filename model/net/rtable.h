// rtable.h - the routing table: ART nodes with their routes, and a list of all routes.
// Source:  names after OpenBSD net/rtable.c.
// Shapes:  routes to one destination stand sorted by priority, lowest first.
// Locks:   [S] conf_lock to write, SMR to read  [C] conf_lock  [a] atomic
// Errors:  int errno: EEXIST.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/net/art.h"

namespace model::net {

struct stack;

struct rtable {
    art_root root;                // [S]
    rtentry* all_head = nullptr;  // [C] every route in the table, in order of insertion
    rtentry* all_tail = nullptr;  // [C]
    // [a] rtgeneration: larger behind each change, which conf_lock is held for (route_cache.h)
    std::atomic<uint64_t> generation{1};
};

// The best route to `dst`, referenced; null if none.
[[nodiscard]] rtentry* rtable_match(stack& st, uint32_t dst);

// The route to exactly this prefix with this priority (RTP_ANY: the best), not referenced; null if
// none. conf_lock is held.
[[nodiscard]] rtentry* rtable_lookup_locked(stack& st, uint32_t dst, uint8_t plen, unsigned prio);

// Makes the route findable; the table takes a reference. EEXIST: same destination and priority.
[[nodiscard]] int rtable_insert_locked(stack& st, rtentry& rt);

// Takes the route out; it must be in. The table's reference stays until rtable_put_locked, which
// gives it up after a grace period: the caller may go on using the route until then.
void rtable_delete_locked(stack& st, rtentry& rt);
void rtable_put_locked(stack& st, rtentry& rt);

// Puts a route in the place of another to the same destination with the same priority; at no time
// is there none. References as with insert and delete.
void rtable_replace_locked(stack& st, rtentry& old_rt, rtentry& new_rt);

}  // namespace model::net
