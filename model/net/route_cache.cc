#include "model/net/route_cache.h"

#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/ip_var.h"

namespace model::net {

namespace {

// Routes that share a destination share the senders: only then does it matter who sends.
bool is_for_source(const stack& st, const route& ro, uint32_t src) {
    return src == 0 || ro.ro_src == src ||
           (ro.ro_rt->rt_flags.load(std::memory_order_relaxed) & RTF_MPATH) == 0 ||
           st.ip->multipath.load(std::memory_order_relaxed) == 0;
}

}  // namespace

bool route_cache(stack& st, route& ro, uint32_t dst, uint32_t src, unsigned tableid) {
    // Before the route is looked at, and before another is looked for.
    const uint64_t generation = st.rtgeneration.load(std::memory_order_acquire);
    // What is no step of its own comes first.
    if (ro.ro_rt != nullptr && ro.ro_generation == generation && ro.ro_dst == dst &&
        ro.ro_tableid == tableid && rtisvalid(ro.ro_rt) && is_for_source(st, ro, src)) {
        return true;
    }
    route_free(ro);
    ro.ro_generation = generation;
    ro.ro_dst = dst;
    ro.ro_src = src;
    ro.ro_tableid = tableid;
    return false;
}

rtentry* route_mpath(stack& st, route& ro, uint32_t dst, uint32_t src, unsigned tableid) {
    if (!route_cache(st, ro, dst, src, tableid)) {
        ro.ro_rt = rtalloc_mpath(st, dst, src, tableid);
    }
    return ro.ro_rt;
}

void route_free(route& ro) {
    rtfree(ro.ro_rt);
    ro.ro_rt = nullptr;
}

void rtgeneration_next_locked(stack& st) {
    st.rtgeneration.fetch_add(1, std::memory_order_release);
}

}  // namespace model::net
