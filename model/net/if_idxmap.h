// if_idxmap.h - interface index -> ifnet, read without locks.
// Source:  names after OpenBSD net/if.c.
// Shapes:  index 0 is nobody's. Freed indices are not reused at once: the next one is tried first.
// Locks:   [S] conf_lock to write, SMR to read  [C] conf_lock
// Errors:  0 when 65535 interfaces exist.
#pragma once

#include <cstdint>
#include <vector>

#include "model/kern/smr.h"
#include "model/kern/smr_ptr.h"

namespace model::net {

struct stack;
struct ifnet;

inline constexpr unsigned if_idxmap_initial = 8;  // slots; doubles
inline constexpr unsigned if_index_max = 65535;

// One generation of the map. Each entry has a reference to its interface.
struct if_map {
    explicit if_map(unsigned slots);
    ~if_map();

    const unsigned limit;               // [I] slots
    kern::smr_ptr<ifnet*>* const slot;  // [S] each
    kern::smr_entry smr;                // used when it has been outgrown
};

struct if_idxmap {
    if_idxmap();
    ~if_idxmap();

    kern::smr_ptr<if_map*> map;  // [S]
    std::vector<bool> usedidx;   // [C] indices that are taken, in the map or not yet
    unsigned serial = 0;         // [C] the index tried last
    unsigned count = 0;          // [C] indices taken
    uint64_t attached = 0;       // [C] interfaces that there have ever been
};

// The four steps of an index's life; conf_lock is held. Between alloc and insert if_get finds
// nothing: the interface is not complete. alloc returns the index, 0 if there is none.
[[nodiscard]] unsigned if_idxmap_alloc_locked(stack& st);
void if_idxmap_insert_locked(stack& st, ifnet& ifp);
// Takes the interface out of its slot. A reader may still be about to take a reference: smr_barrier
// comes before the slot's own is given up with if_put.
void if_idxmap_remove_locked(stack& st, ifnet& ifp);
// if_serial of the interface in that slot; 0: none.
[[nodiscard]] uint64_t if_idxmap_serial_locked(stack& st, unsigned index);
// From here on another interface may get the index: when the routes that name it have left the table.
void if_idxmap_free_locked(stack& st, const ifnet& ifp);

// Invariants; the argument is the stack. Sound: each interface on the list is in the map under its own
// index and nobody else is, and `count` is right; reads what conf_lock guards. Referenced: each one in
// the map has its own reference and the map's, no more; when nobody runs and no map waits to be freed.
int if_idxmap_sound(void* st);
int if_idxmap_referenced(void* st);

}  // namespace model::net
