// links.h - links of the configuration that lead both ways: invariants, looked at when conf_lock is given up.
// Shapes:  functions for heddle_invariant_of; the argument is the stack. What they read changes under conf_lock
//          only, or never: the same in equivalent interleavings.
// Locks:   conf_lock is held by whoever gives it up.
// Errors:  what does not fit is said by kern::broken.
#pragma once

namespace model::net {

// An address on the list of an interface names that interface, and the address of a route is on the
// list of the route's interface, unless that one is on its way out.
int addresses_linked(void* st);

// Each route in the table stands between its neighbours on the list of all routes and on the list of
// its node, and it has a neighbour entry, which is its own, if it says so and only then.
int routes_linked(void* st);

// A next hop counts the gateway routes over it, and is cached while there are any.
int nexthops_counted(void* st);

// What was cloned from a route goes with it: a clone in the table has its parent there.
int clones_have_parents(void* st);

}  // namespace model::net
