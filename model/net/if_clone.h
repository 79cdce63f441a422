// if_clone.h - the kinds of interfaces that a command can make.
// Source:  if_clone_create, if_clone_destroy, if_clone_list of OpenBSD net/if.c.
// Shapes:  a name is the kind and a number without leading zeros. Of an Ethernet card there are as many as connectors.
// Locks:   conf_lock where it says so.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <span>

#include "model/net/if.h"

namespace model::net {

struct if_clone {
    const char* name;
    unsigned units;
    bool is_group;  // each of that kind is a member of the group of that name: hardware is not
    ifnet* (*create_locked)(stack& st, unsigned unit);  // null: no index is free
    void (*destroy)(stack& st, ifnet& ifp);             // conf_lock is not held; the counterpart
};

// All of them, by name.
[[nodiscard]] std::span<const if_clone> if_cloners();

// For drivers: an interface of that name which is not attached yet, and the way back.
[[nodiscard]] ifnet* if_alloc(stack& st, const char* kind, unsigned unit);
void if_free(stack& st, ifnet* ifp);

// For drivers: attaches it; if that fails it is freed, and the answer is null. conf_lock is held.
[[nodiscard]] ifnet* if_attach_or_free_locked(stack& st, ifnet* ifp);

// At the end of a stack: what is left goes, also what no command may destroy.
void if_clone_purge(stack& st);

}  // namespace model::net
