// rtable_map.h - routing tables by number, and the routing domain that each belongs to.
// Source:  names after OpenBSD net/rtable.c: rtable_add, rtable_exists, rtable_l2.
// Shapes:  table 0 is part of the stack, so that looking there costs nothing. A table that has been made stays as long
//          as the stack: who has found one may use it without a read section. A routing domain is a table whose
//          domain is itself; `route -T N add` makes a table of domain 0, `ifconfig IF rdomain N` a domain.
// Locks:   [S] conf_lock to write, SMR to read  [I] immutable once it can be found
// Errors:  int errno: EINVAL: no such number.
#pragma once

#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"

namespace model::net {

struct rtable;
struct stack;

inline constexpr unsigned rt_tableid_max = 255;  // RT_TABLEID_MAX

// Grown by a larger copy; the old one is freed when nobody reads it any more.
struct rtable_map {
    explicit rtable_map(unsigned slots);
    ~rtable_map();  // the tables are not its own

    const unsigned limit;                // [I] slots
    kern::smr_ptr<rtable*>* const slot;  // [S] each; slot 0 is nobody's
    kern::smr_entry smr;                 // used when it has been outgrown
};

// The table with this number; null if there is none.
[[nodiscard]] rtable* rtable_get(stack& st, unsigned tableid);
[[nodiscard]] rtable* rtable_get_locked(stack& st, unsigned tableid);
// The table with the next higher number than this one's; null behind the last. conf_lock is held.
[[nodiscard]] rtable* rtable_next_locked(const stack& st, const rtable& table);

// The routing domain of a table; 0 if there is no such table.
[[nodiscard]] unsigned rtable_l2(stack& st, unsigned tableid);

// Makes the table, unless it is there. EINVAL: the number is too large, or the table is there and belongs to another
// domain. conf_lock is held.
[[nodiscard]] int rtable_add_locked(stack& st, unsigned tableid, unsigned rdomain);

// With the stack: frees all but table 0. Nobody runs.
void rtable_map_destroy(stack& st);

}  // namespace model::net
