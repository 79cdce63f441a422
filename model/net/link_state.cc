#include "model/net/link_state.h"

#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/route_cache.h"
#include "model/net/rtable.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

void if_linkstate_task(void* argument) {
    auto& ifp = *static_cast<ifnet*>(argument);
    stack& st = *ifp.if_stack;
    kern::rw_enter_write(st.conf_lock);
    rt_if_track_locked(st, ifp);
    if_hooks_run_locked(ifp.if_linkstatehooks);
    kern::rw_exit(st.conf_lock);
    if_put(&ifp);
}

enum class follows : uint8_t { no, changed, deleted };

follows rt_if_linkstate_change_locked(stack& st, rtentry& rt, bool up) {
    const uint32_t flags = rt.rt_flags.load(std::memory_order_relaxed);
    if ((flags & RTF_LOCAL) != 0 || ((flags & RTF_UP) != 0) == up) {
        return follows::no;  // what is ours is ours without a link
    }
    if (!up && (flags & (RTF_CLONED | RTF_DYNAMIC)) != 0 && (flags & RTF_CACHED) == 0) {
        rtdelete_locked(st, rt);
        return follows::deleted;
    }
    rt_set_link_locked(rt, up);
    return follows::changed;
}

bool track_table_locked(stack& st, const ifnet& ifp, const rtable& table) {
    bool changed = false;
    rtentry* rt = table.all_head;
    while (rt != nullptr) {
        const follows does = rt->rt_ifidx != ifp.if_index
                                 ? follows::no
                                 : rt_if_linkstate_change_locked(st, *rt, ifp.if_link_up);
        changed = changed || does == follows::changed;
        rt = does == follows::deleted ? table.all_head : rt->rt_all_next;
    }
    return changed;
}

}  // namespace

void if_linkstate_init(stack& st, ifnet& ifp) {
    ifp.if_stack = &st;
    kern::task_set(ifp.if_linkstatetask, if_linkstate_task, &ifp);
}

void if_link_state_change(ifnet& ifp) {
    // The task's; before it can run. Who stands on the queue already has one, and will see the new state.
    if_ref(ifp);
    if (kern::task_add(ifp.if_stack->systq, ifp.if_linkstatetask) == 0) {
        if_put(&ifp);
    }
}

void rt_if_track_locked(stack& st, ifnet& ifp) {
    ifp.if_link_up = ifp.if_link_state.load(std::memory_order_acquire) != LINK_STATE_DOWN &&
                     (ifp.if_flags.load(std::memory_order_relaxed) & IFF_UP) != 0;
    bool changed = false;
    for (rtable* table = &st.routes; table != nullptr; table = rtable_next_locked(st, *table)) {
        if (table->rdomain == ifp.if_rdomain) {
            changed = track_table_locked(st, ifp, *table) || changed;
        }
    }
    if (changed) {
        rtgeneration_next_locked(st);
    }
    rtm_ifchg_locked(st, ifp);
}

int if_up_locked(stack& st, ifnet& ifp) {
    if ((ifp.if_flags.fetch_or(IFF_UP, std::memory_order_relaxed) & IFF_UP) != 0) {
        return 0;
    }
    const int error = ifp.if_setup_locked == nullptr ? 0 : ifp.if_setup_locked(st, ifp, true);
    if (error != 0) {
        ifp.if_flags.fetch_and(~IFF_UP, std::memory_order_relaxed);
        return error;
    }
    rt_if_track_locked(st, ifp);
    return 0;
}

void if_down_locked(stack& st, ifnet& ifp) {
    if ((ifp.if_flags.fetch_and(~IFF_UP, std::memory_order_relaxed) & IFF_UP) == 0) {
        return;
    }
    if (ifp.if_setup_locked != nullptr) {
        (void)ifp.if_setup_locked(st, ifp, false);  // off it goes
    }
    rt_if_track_locked(st, ifp);
}

void rt_set_link_locked(rtentry& rt, bool up) {
    const unsigned priority = rt.rt_priority.load(std::memory_order_relaxed) & RTP_MASK;
    if (up) {
        rt.rt_flags.fetch_or(RTF_UP, std::memory_order_acq_rel);
    } else {
        rt.rt_flags.fetch_and(~RTF_UP, std::memory_order_acq_rel);
    }
    rtable_mpath_reprio_locked(rt, priority | (up ? 0 : RTP_DOWN));
}

}  // namespace model::net
