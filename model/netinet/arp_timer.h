// arp_timer.h - neighbour entries that nobody has renewed go.
// Source:  arptimer, arptfree of OpenBSD netinet/if_ether.c.
// Shapes:  an entry has expired when its rt_expire is not 0 and earlier than now.
// Locks:   the timer is a configurator: it takes conf_lock, and looks and forgets under the arp mutex.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::net {
struct rtentry;
struct stack;
}  // namespace model::net

namespace model::netinet {

inline constexpr int64_t arpt_prune = 300;  // seconds between two looks

// Arms the timeout `arptimer`, which arms itself again until arp_timer_stop. That sleeps until it does not run; no lock
// may be held.
void arp_timer_start(net::stack& st);
void arp_timer_stop(net::stack& st);

// Forgets the address of an entry that has expired, and drops what is held for it. The route goes too, unless the
// administrator made it, gateway routes use it, or its interface is on its way out and takes it along. False: the entry
// has not expired, or not any more. conf_lock is held, and the route is in the table.
bool arptfree_locked(net::stack& st, net::rtentry& rt);

}  // namespace model::netinet
