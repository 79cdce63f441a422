#include "model/net/if_idxmap.h"

#include "model/kern/assert.h"
#include "model/kern/invariant.h"
#include "model/net/if.h"
#include "model/net/stack.h"

namespace model::net {

if_map::if_map(unsigned slots) : limit(slots), slot(new kern::smr_ptr<ifnet*>[slots]) {
    heddle_name(this, "index map");
    heddle_name(slot, "index map slots");
}

if_map::~if_map() {
    delete[] slot;
}

if_idxmap::if_idxmap() : map(new if_map(if_idxmap_initial)), usedidx(if_idxmap_initial) {}

if_idxmap::~if_idxmap() {
    delete map.get_locked();
}

namespace {

// No reader can see the old map any more: its references go, and it goes.
void if_map_free(void* argument) {
    auto* map = static_cast<if_map*>(argument);
    for (unsigned i = 0; i < map->limit; ++i) {
        if_put(map->slot[i].get_locked());
    }
    delete map;
}

// Until the grace period ends every interface has a reference from either map, so that whichever a
// reader finds keeps its count from reaching zero.
void grow_locked(stack& st) {
    if_map* old_map = st.idxmap.map.get_locked();
    auto* map = new if_map(old_map->limit * 2);
    for (unsigned i = 1; i < old_map->limit; ++i) {
        ifnet* ifp = old_map->slot[i].get_locked();
        if (ifp != nullptr) {
            if_ref(*ifp);
            map->slot[i].init(ifp);
        }
    }
    st.idxmap.usedidx.resize(map->limit);
    st.idxmap.map.set_locked(map);
    kern::smr_call(st.smr, old_map->smr, if_map_free, old_map);
}

}  // namespace

unsigned if_idxmap_alloc_locked(stack& st) {
    if_idxmap& m = st.idxmap;
    if (m.count == if_index_max) {
        return 0;
    }
    if (m.count + 1 == m.map.get_locked()->limit) {
        grow_locked(st);
    }
    const unsigned limit = m.map.get_locked()->limit;
    do {
        m.serial = m.serial + 1 < limit ? m.serial + 1 : 1;
    } while (m.usedidx[m.serial]);
    m.usedidx[m.serial] = true;
    ++m.count;
    return m.serial;
}

void if_idxmap_insert_locked(stack& st, ifnet& ifp) {
    kern::smr_ptr<ifnet*>& slot = st.idxmap.map.get_locked()->slot[ifp.if_index];
    kern::kassert(slot.get_locked() == nullptr, "if_idxmap_insert: slot is taken");
    ifp.if_serial = ++st.idxmap.attached;
    if_ref(ifp);
    slot.set_locked(&ifp);
}

void if_idxmap_remove_locked(stack& st, ifnet& ifp) {
    kern::smr_ptr<ifnet*>& slot = st.idxmap.map.get_locked()->slot[ifp.if_index];
    kern::kassert(slot.get_locked() == &ifp, "if_idxmap_remove: not in its slot");
    slot.set_locked(nullptr);
    heddle_unlinked(&ifp, &st.smr);
}

uint64_t if_idxmap_serial_locked(stack& st, unsigned index) {
    const ifnet* ifp = st.idxmap.map.get_locked()->slot[index].get_locked();
    return ifp == nullptr ? 0 : ifp->if_serial;
}

void if_idxmap_free_locked(stack& st, const ifnet& ifp) {
    st.idxmap.usedidx[ifp.if_index] = false;
    --st.idxmap.count;
}

int if_idxmap_sound(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    const if_map& map = *st.idxmap.map.get_locked();
    unsigned listed = 0;
    for (const ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next, ++listed) {
        if (ifp->if_index >= map.limit || map.slot[ifp->if_index].get_locked() != ifp) {
            return kern::broken("%s is on the list, and not in slot %u", ifp->if_xname,
                                ifp->if_index);
        }
    }
    unsigned mapped = 0;
    unsigned used = 0;
    for (unsigned i = 0; i < map.limit; ++i) {
        used += st.idxmap.usedidx[i] ? 1 : 0;
        mapped += map.slot[i].get_locked() != nullptr ? 1 : 0;
    }
    // An interface that is on its way out has its index still.
    if (mapped != listed || used < listed || st.idxmap.count != used) {
        return kern::broken("%u interfaces on the list, %u in the map, %u of %u indices in use",
                            listed, mapped, used, st.idxmap.count);
    }
    return 1;
}

int if_idxmap_referenced(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    const if_map& map = *st.idxmap.map.get_locked();
    for (unsigned i = 0; i < map.limit; ++i) {
        const ifnet* ifp = map.slot[i].get_locked();
        const unsigned refs = ifp == nullptr ? 2 : kern::refcnt_read(ifp->if_refcnt);
        if (refs != 2) {
            return kern::broken("%s has %u references, its own and the map's are 2", ifp->if_xname,
                                refs);
        }
    }
    return 1;
}

}  // namespace model::net
