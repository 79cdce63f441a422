// if_pair.h - two Ethernets with a cable between them, both ends in this machine: what one sends the other receives.
// Source:  OpenBSD net/if_pair.c.
// Shapes:  each end knows the other by its index, and either both do or none. Without a cable there is no link.
// Locks:   [a] atomic, written with conf_lock. Packets look the other end up for each use; who is in the start routine
//          has a reference to it, for which the other end's destroyer waits.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <atomic>

#include "model/net/if.h"

namespace model::net {

struct pair_softc {
    std::atomic<uint32_t> sc_pairedif{0};  // [a] index of the other end; 0: no cable
};

[[nodiscard]] ifnet* pair_clone_create_locked(stack& st, unsigned unit);
void pair_clone_destroy(stack& st, ifnet& ifp);

// SIOCSIFPAIR: a cable to that one, in place of what there was; null: none. ENOTTY: not a pair. EINVAL: to itself.
// ENODEV: the other is no pair; EBUSY: it has a cable. conf_lock is held.
[[nodiscard]] int pair_setpair_locked(stack& st, ifnet& ifp, ifnet* to);

// The other end; null: none. conf_lock is held.
[[nodiscard]] ifnet* pair_peer_locked(stack& st, const ifnet& ifp);

}  // namespace model::net
