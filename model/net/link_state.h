// link_state.h - what it does to routes that a link goes down or comes up.
// Source:  if_link_state_change, if_linkstate_task, if_up, if_down of OpenBSD net/if.c; rt_if_track, rt_if_linkstate_change of
//          net/route.c; rtable_mpath_reprio of net/rtable.c.
// Shapes:  a route over a link, or an interface, that is down stays in the table, behind all that can be used: it loses RTF_UP, and
//          RTP_DOWN stands beside its priority. A clone or a redirect is deleted, unless a gateway route needs it.
// Locks:   the driver tells the state, an atomic, and a task on systq does the rest with conf_lock, so that routes
//          are always as the task, or who switched the interface, has seen it last (ifnet.if_link_up). Until it has run packets go to
//          the link that is down, and are lost there.
//          A task that stands on its queue has a reference to the interface: who destroys that waits for it.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::net {

struct ifnet;
struct rtentry;
struct stack;

inline constexpr uint8_t LINK_STATE_UNKNOWN = 0;
inline constexpr uint8_t LINK_STATE_DOWN = 2;
inline constexpr uint8_t LINK_STATE_UP = 4;

// For if_attach: makes the task ready.
void if_linkstate_init(stack& st, ifnet& ifp);

// The driver has stored another if_link_state: has routes follow. The caller has a reference; never sleeps.
void if_link_state_change(ifnet& ifp);

// Routes over the interface follow its link and IFF_UP, and who listens hears of it; conf_lock is held.
void rt_if_track_locked(stack& st, ifnet& ifp);

// The interface is switched on or off, and its routes follow; conf_lock is held. An error is the driver's: it stays off.
[[nodiscard]] int if_up_locked(stack& st, ifnet& ifp);
void if_down_locked(stack& st, ifnet& ifp);

// A route loses its link, or has one again; it is in the table, conf_lock is held, and the caller makes the
// generation larger.
void rt_set_link_locked(rtentry& rt, bool up);

}  // namespace model::net
