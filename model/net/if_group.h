// if_group.h - groups of interfaces: those that the administrator makes, one for each kind, `egress`, `all`.
// Source:  if_addgroup, if_delgroup, if_group_egress_build of OpenBSD net/if.c.
// Shapes:  a name that does not end in a digit, as those of interfaces do. Everybody is in `all`, which is not stored.
// Locks:   conf_lock is held.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <string_view>

namespace model::net {

struct ifnet;
struct stack;

// EINVAL: no such name, EEXIST: is in it, ENOENT: is not.
[[nodiscard]] int if_addgroup_locked(ifnet& ifp, std::string_view group);
[[nodiscard]] int if_delgroup_locked(ifnet& ifp, std::string_view group);

[[nodiscard]] bool if_in_group_locked(const ifnet& ifp, std::string_view group);

// A default route has come, gone or changed: the members of `egress` are the interfaces of those that there are.
void if_group_egress_build_locked(stack& st);

}  // namespace model::net
