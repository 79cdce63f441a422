// rtredirect.h - a router says that another one is nearer: the route to that host follows.
// Source:  rtredirect of OpenBSD net/route.c; RFC 1122 3.2.2.2.
// Shapes:  host order. What leads to a network gets a host route beside it (RTF_DYNAMIC); the gateway of a host route is
//          another from now on (RTF_MODIFIED).
// Locks:   conf_lock is held: looked at and changed in one section.
// Errors:  int errno, also told in RTM_REDIRECT. ENETUNREACH: the gateway is no neighbour. EINVAL: who says so is not
//          the gateway of that route, or the other is not on its network. EHOSTUNREACH: the gateway is ourselves, or
//          everybody; or what leads there is no gateway route. What rtrequest_add_locked and rtchange_locked say.
#pragma once

#include <cstdint>

namespace model::net {

struct rtentry;
struct stack;

// `from` says that packets to `dst` had better go to `gateway`. 0: they do, by *made, referenced.
[[nodiscard]] int rtredirect_locked(stack& st, uint32_t dst, uint32_t gateway, uint32_t from,
                                    rtentry** made, unsigned tableid);

}  // namespace model::net
