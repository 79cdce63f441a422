#include "model/net/rtable_map.h"

#include <algorithm>
#include <cerrno>

#include "model/kern/assert.h"
#include "model/net/stack.h"

namespace model::net {

rtable_map::rtable_map(unsigned slots) : limit(slots), slot(new kern::smr_ptr<rtable*>[slots]) {
    heddle_name(this, "table map");
    heddle_name(slot, "table map slots");
}

rtable_map::~rtable_map() {
    delete[] slot;
}

rtable* rtable_get(stack& st, unsigned tableid) {
    if (tableid == 0) {
        return &st.routes;
    }
    kern::smr_read_enter(st.smr);
    const rtable_map* map = st.rtmap.get();
    rtable* table = map == nullptr || tableid >= map->limit ? nullptr : map->slot[tableid].get();
    kern::smr_read_leave(st.smr);
    return table;
}

rtable* rtable_get_locked(stack& st, unsigned tableid) {
    if (tableid == 0) {
        return &st.routes;
    }
    const rtable_map* map = st.rtmap.get_locked();
    return map == nullptr || tableid >= map->limit ? nullptr : map->slot[tableid].get_locked();
}

rtable* rtable_next_locked(const stack& st, const rtable& table) {
    const rtable_map* map = st.rtmap.get_locked();
    for (unsigned id = table.id + 1; map != nullptr && id < map->limit; ++id) {
        if (rtable* next = map->slot[id].get_locked(); next != nullptr) {
            return next;
        }
    }
    return nullptr;
}

unsigned rtable_l2(stack& st, unsigned tableid) {
    const rtable* table = rtable_get(st, tableid);
    return table == nullptr ? 0 : table->rdomain;
}

namespace {

// Readers go on in the old map, which has the same tables, until they have left it.
void grow_locked(stack& st, unsigned slots) {
    rtable_map* old_map = st.rtmap.get_locked();
    auto* map = new rtable_map(slots);
    for (unsigned id = 1; old_map != nullptr && id < old_map->limit; ++id) {
        map->slot[id].init(old_map->slot[id].get_locked());
    }
    st.rtmap.set_locked(map);
    if (old_map != nullptr) {
        kern::smr_call(
            st.smr, old_map->smr, [](void* p) { delete static_cast<rtable_map*>(p); }, old_map);
    }
}

}  // namespace

int rtable_add_locked(stack& st, unsigned tableid, unsigned rdomain) {
    if (tableid > rt_tableid_max) {
        return EINVAL;
    }
    if (const rtable* standing = rtable_get_locked(st, tableid); standing != nullptr) {
        return standing->rdomain == rdomain ? 0 : EINVAL;
    }
    const rtable_map* map = st.rtmap.get_locked();
    if (map == nullptr || tableid >= map->limit) {
        grow_locked(st, tableid + 1);
    }
    auto* table = new rtable;
    table->id = static_cast<uint8_t>(tableid);
    table->rdomain = static_cast<uint8_t>(rdomain);
    st.rtmap.get_locked()->slot[tableid].set_locked(table);
    return 0;
}

void rtable_map_destroy(stack& st) {
    rtable_map* map = st.rtmap.get_locked();
    for (unsigned id = 1; map != nullptr && id < map->limit; ++id) {
        delete map->slot[id].get_locked();
    }
    delete map;
}

}  // namespace model::net
