// route_cache.h - a route that was found before, and when it is still the one that would be found.
// Source:  struct route, route_cache, route_mpath, rtgeneration of OpenBSD net/route.h and net/route.c.
// Shapes:  host order. A generation is a number that every change of a routing table makes larger, when
//          the change is done: one for all of them, since gateways are looked for in another one's domain.
// Locks:   a cache belongs to who uses it: a packet on its way, or the one sender that has a pcb's in use
//          (netinet/in_pcb_route.h). [a] the generation: changed with conf_lock, read by anybody.
// Errors:  null: there is no route.
//
// Why a stale route is used once and never for ever: who looks reads the generation first and the table
// then; who changes, the table first and the generation then. So a route that was found beside a change is
// kept under the number from before it, which the end of the change makes a wrong one. Read after the
// lookup, or made larger before the change, the number would be right and the route would not.
#pragma once

#include <cstdint>

namespace model::net {

struct rtentry;
struct stack;

struct route {
    rtentry* ro_rt = nullptr;    // counted; null: nothing was found, or nothing looked for
    uint64_t ro_generation = 0;  // of the table, read before ro_rt was looked for
    uint32_t ro_dst = 0;         // for whom
    uint32_t ro_src = 0;         // 0: whoever sends
    unsigned ro_tableid = 0;     // where it was looked for
};

// Whether ro_rt is what a lookup for `dst` in that table would find: it is valid, no table has changed, and it was
// found there for `dst`; and for `src`, where several routes to there share the senders. If not, ro_rt is given
// up, and what the caller finds now may be put there.
[[nodiscard]] bool route_cache(stack& st, route& ro, uint32_t dst, uint32_t src, unsigned tableid);

// ro_rt, looked up with RT_RESOLVE if that is not what it was. Lives as long as the cache has it. May
// sleep, like rtalloc.
[[nodiscard]] rtentry* route_mpath(stack& st, route& ro, uint32_t dst, uint32_t src,
                                   unsigned tableid);

// Gives the route up.
void route_free(route& ro);

// The table has changed; conf_lock is held still. Who sees the new generation sees the change.
void rtgeneration_next_locked(stack& st);

}  // namespace model::net
