#include "model/net/rtable.h"

#include <cerrno>

#include "model/kern/assert.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/ip_var.h"

namespace model::net {

namespace {

unsigned priority_of(const rtentry& rt) {
    return rt.rt_priority.load(std::memory_order_relaxed);
}

void all_append(rtable& table, rtentry& rt) {
    rt.rt_all_prev = table.all_tail;
    rt.rt_all_next = nullptr;
    (table.all_tail == nullptr ? table.all_head : table.all_tail->rt_all_next) = &rt;
    table.all_tail = &rt;
}

void all_remove(rtable& table, rtentry& rt) {
    (rt.rt_all_prev == nullptr ? table.all_head : rt.rt_all_prev->rt_all_next) = rt.rt_all_next;
    (rt.rt_all_next == nullptr ? table.all_tail : rt.rt_all_next->rt_all_prev) = rt.rt_all_prev;
}

// The link in the node's list that points at the route.
kern::smr_ptr<rtentry*>& link_to(const rtentry& rt) {
    kern::smr_ptr<rtentry*>* link = &rt.rt_node->an_rtlist;
    while (link->get_locked() != &rt) {
        link = &link->get_locked()->rt_next;
    }
    return *link;
}

// ---- several routes to one destination ----------------------------------------------------------

// Without what says that the link is down.
unsigned rtp_of(const rtentry& rt) {
    return priority_of(rt) & RTP_MASK;
}

bool is_mpath(const rtentry& rt) {
    return (rt.rt_flags.load(std::memory_order_relaxed) & RTF_MPATH) != 0;
}

bool have_one_gateway(const rtentry& a, const rtentry& b) {
    return a.rt_gateway == b.rt_gateway && a.rt_lladdr == b.rt_lladdr && a.rt_ifidx == b.rt_ifidx;
}

// Whether a route may stand on the node beside those that do.
bool may_share(const art_node& node, const rtentry& rt) {
    for (rtentry* other = node.an_rtlist.get_locked(); other != nullptr;
         other = other->rt_next.get_locked()) {
        if (rtp_of(*other) == rtp_of(rt) && (!is_mpath(rt) || have_one_gateway(*other, rt))) {
            return false;
        }
    }
    return true;
}

// The flag says that there is a choice: who shares its priority with nobody has it not.
void mark_paths(const art_node& node, unsigned rtp) {
    unsigned count = 0;
    rtentry* const first = node.an_rtlist.get_locked();
    for (rtentry* rt = first; rt != nullptr; rt = rt->rt_next.get_locked()) {
        count += rtp_of(*rt) == rtp ? 1 : 0;
    }
    for (rtentry* rt = first; rt != nullptr; rt = rt->rt_next.get_locked()) {
        if (rtp_of(*rt) == rtp && is_mpath(*rt) != (count > 1)) {
            rt->rt_flags.fetch_xor(RTF_MPATH, std::memory_order_relaxed);
        }
    }
}

// Into the list of a node, behind all that are as good.
void node_link(art_node& node, rtentry& rt) {
    kern::smr_ptr<rtentry*>* link = &node.an_rtlist;
    while (link->get_locked() != nullptr && priority_of(*link->get_locked()) <= priority_of(rt)) {
        link = &link->get_locked()->rt_next;
    }
    rt.rt_next.set_locked(link->get_locked());  // readers may stand on it
    rt.rt_node = &node;
    link->set_locked(&rt);
}

// Which share of all senders and destinations these two are in, of 65536.
uint32_t rt_hash(const rtable& table, uint32_t dst, uint32_t src) {
    uint32_t h = table.hash_seed;
    for (const uint32_t word : {dst, src}) {
        h = (h ^ word) * 0x85ebca6b;
        h = (h ^ h >> 13) * 0xc2b2ae35;
        h ^= h >> 16;
    }
    return h & 0xffff;
}

// By hash threshold (RFC 2992). The list is walked twice, and may be another the second time: then the route is one
// of those that are there, but perhaps not the one that either list gives. Who runs off the end takes the first.
rtentry& path_for(rtentry& first, uint32_t hash) {
    const unsigned priority = priority_of(first);
    // Itself counted in any case: its link may go down meanwhile, and then it is none of its own kind any more.
    uint32_t count = 1;
    for (const rtentry* rt = first.rt_next.get(); rt != nullptr && priority_of(*rt) == priority;
         rt = rt->rt_next.get()) {
        ++count;
    }
    const uint32_t share = 0xffff / count + 1;
    rtentry* rt = &first;
    for (; rt != nullptr && hash >= share; hash -= share) {
        rt = rt->rt_next.get();
    }
    return rt != nullptr && priority_of(*rt) == priority ? *rt : first;
}

// After the grace period: no reader can take a reference any more.
void table_reference_put(void* argument) {
    auto* rt = static_cast<rtentry*>(argument);
    art_tables_free(rt->rt_dead_tables);
    delete rt->rt_dead_node;
    rt->rt_dead_tables = nullptr;
    rt->rt_dead_node = nullptr;
    rtfree(rt);
}

}  // namespace

rtable_found rtable_match(stack& st, uint32_t dst, uint32_t src, unsigned tableid) {
    rtable_found found{nullptr, 0};
    const rtable* table = rtable_get(st, tableid);
    if (table == nullptr) {
        return found;
    }
    kern::smr_read_enter(st.smr);
    const art_node* an = art_match(table->root, dst);
    if (an != nullptr) {
        found.rt = an->an_rtlist.get();
        found.flags = found.rt->rt_flags.load(std::memory_order_acquire);
        if ((found.flags & RTF_MPATH) != 0 && src != 0 &&
            st.ip->multipath.load(std::memory_order_relaxed) != 0) {
            found.rt = &path_for(*found.rt, rt_hash(*table, dst, src));
            found.flags = found.rt->rt_flags.load(std::memory_order_acquire);
        }
        rtref(*found.rt);  // the table's reference stays until this read section is over
    }
    kern::smr_read_leave(st.smr);
    return found;
}

rtentry* rtable_lookup_locked(stack& st, uint32_t dst, uint8_t plen, unsigned prio,
                              unsigned tableid) {
    const rtable* table = rtable_get_locked(st, tableid);
    const art_node* an =
        table == nullptr ? nullptr : art_lookup_locked(table->root, dst & plen_to_mask(plen), plen);
    rtentry* rt = an == nullptr ? nullptr : an->an_rtlist.get_locked();
    while (rt != nullptr && prio != RTP_ANY && rtp_of(*rt) != (prio & RTP_MASK)) {
        rt = rt->rt_next.get_locked();
    }
    return rt;
}

rtentry* rtable_lookup_gateway_locked(stack& st, uint32_t dst, uint8_t plen, unsigned prio,
                                      uint32_t gateway, unsigned tableid) {
    rtentry* rt = rtable_lookup_locked(st, dst, plen, prio, tableid);
    for (; rt != nullptr; rt = rt->rt_next.get_locked()) {
        const bool wanted = prio == RTP_ANY || rtp_of(*rt) == (prio & RTP_MASK);
        if (wanted && (rt->rt_flags.load() & RTF_GATEWAY) != 0 && rt->rt_gateway == gateway) {
            break;
        }
    }
    return rt;
}

int rtable_insert_locked(stack& /*st*/, rtentry& rt) {
    rtable& table = *rt.rt_table;
    art_node* standing = art_lookup_locked(table.root, rt.rt_dest, rt.rt_plen);
    if (standing != nullptr) {
        if (!may_share(*standing, rt)) {
            return EEXIST;
        }
        node_link(*standing, rt);
        mark_paths(*standing, rtp_of(rt));
    } else {
        auto* node = new art_node;
        node->an_key = rt.rt_dest;
        node->an_plen = rt.rt_plen;
        node->an_rtlist.init(&rt);
        heddle_name(node, name_of("art_node", rt.rt_dest, rt.rt_plen).text);
        rt.rt_node = node;
        rt.rt_flags.fetch_and(~RTF_MPATH, std::memory_order_relaxed);
        art_insert_locked(table.root, *node);
    }
    rtref(rt);
    all_append(table, rt);
    return 0;
}

void rtable_delete_locked(stack& st, rtentry& rt) {
    kern::kassert(rt.rt_node != nullptr, "rtable_delete: not in the table");
    art_node* node = rt.rt_node;
    if (node->an_rtlist.get_locked() == &rt && rt.rt_next.get_locked() == nullptr) {
        // The last one stays on its node: a reader that has found the node must find a route there.
        rt.rt_dead_tables = art_delete_locked(rt.rt_table->root, *node);
        rt.rt_dead_node = node;
    } else {
        link_to(rt).set_locked(rt.rt_next.get_locked());
        mark_paths(*node, rtp_of(rt));
    }
    rt.rt_node = nullptr;
    heddle_unlinked(&rt, &st.smr);
    all_remove(*rt.rt_table, rt);
}

void rtable_put_locked(stack& st, rtentry& rt) {
    kern::smr_call(st.smr, rt.rt_smr, table_reference_put, &rt);
}

void rtable_mpath_reprio_locked(rtentry& rt, unsigned priority) {
    art_node& node = *rt.rt_node;
    const bool alone = node.an_rtlist.get_locked() == &rt && rt.rt_next.get_locked() == nullptr;
    if (!alone) {
        // A reader that stands on it goes on behind its new place: it may miss some, or see some twice.
        link_to(rt).set_locked(rt.rt_next.get_locked());
    }
    rt.rt_priority.store(static_cast<uint8_t>(priority), std::memory_order_release);
    if (!alone) {
        node_link(node, rt);
    }
}

void rtable_replace_locked(stack& st, rtentry& old_rt, rtentry& new_rt) {
    rtref(new_rt);
    kern::kassert(new_rt.rt_table == old_rt.rt_table, "rtable_replace: another table");
    new_rt.rt_node = old_rt.rt_node;
    new_rt.rt_next.init(old_rt.rt_next.get_locked());
    link_to(old_rt).set_locked(&new_rt);
    old_rt.rt_node = nullptr;
    heddle_unlinked(&old_rt, &st.smr);
    all_remove(*old_rt.rt_table, old_rt);
    all_append(*new_rt.rt_table, new_rt);
}

}  // namespace model::net
