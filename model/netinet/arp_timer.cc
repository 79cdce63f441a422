#include "model/netinet/arp_timer.h"

#include "model/kern/assert.h"
#include "model/kern/timeout.h"
#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/arp_hold.h"

namespace model::netinet {

using namespace net;

namespace {

bool has_expired(const rtentry& rt, int64_t now) {
    const int64_t expire = rt.rt_expire.load(std::memory_order_relaxed);
    return expire != 0 && expire < now;
}

// Looks and forgets in one section: an answer comes before, and the entry stays as it is, or behind.
bool invalidate_expired(stack& st, rtentry& rt) {
    llinfo_arp* la = rt.rt_llinfo.load(std::memory_order_acquire);
    if (la == nullptr) {
        return false;
    }
    kern::mtx_enter(st.arp->mtx);
    const int64_t now = kern::getuptime(st.clock);
    const bool expired = la->la_linked && has_expired(rt, now);
    if (expired) {
        arp_invalidate_entry(st, *la, now);
    }
    kern::mtx_leave(st.arp->mtx);
    return expired;
}

void arptimer(void* argument) {
    stack& st = *static_cast<stack*>(argument);
    kern::timeout_add_sec(st.timeouts, st.arp->timer, arpt_prune);
    kern::rw_enter_write(st.conf_lock);
    const int64_t now = kern::getuptime(st.clock);
    // Entries come and go with conf_lock alone, and the one that goes here takes no other along.
    llinfo_arp* la = st.arp->list;
    while (la != nullptr) {
        llinfo_arp* next = la->la_next;
        if (has_expired(*la->la_rt, now)) {
            (void)arptfree_locked(st, *la->la_rt);
        }
        la = next;
    }
    kern::rw_exit(st.conf_lock);
}

}  // namespace

void arp_timer_start(stack& st) {
    kern::timeout_set_housekeeping(st.arp->timer, arptimer, &st, "arptimer");
    kern::timeout_add_sec(st.timeouts, st.arp->timer, arpt_prune);
}

void arp_timer_stop(stack& st) {
    kern::timeout_del_barrier(st.timeouts, st.arp->timer);
}

bool arptfree_locked(stack& st, rtentry& rt) {
    if (!invalidate_expired(st, rt)) {
        return false;
    }
    // An answer that comes now is lost with the route, and the next packet asks again.
    if ((rt.rt_flags.load(std::memory_order_relaxed) & (RTF_STATIC | RTF_CACHED)) != 0) {
        return true;
    }
    ifnet* ifp = rt_getif(st, rt);
    if (ifp != nullptr) {
        const unsigned priority = rt.rt_priority.load(std::memory_order_relaxed);
        const int error = rtrequest_delete_locked(st, rt.rt_dest, rt.rt_plen, priority, rt.rt_ifidx,
                                                  nullptr, rt.rt_table->id);
        kern::kassert(error == 0, "arptfree: the route is not in the table");
    }
    if_put(ifp);
    return true;
}

}  // namespace model::netinet
