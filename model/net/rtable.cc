#include "model/net/rtable.h"

#include <cerrno>

#include "model/kern/assert.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "model/net/stack.h"

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

// Into the list of a node that others stand on already.
int node_add_locked(art_node& node, rtentry& rt) {
    kern::smr_ptr<rtentry*>* link = &node.an_rtlist;
    while (rtentry* other = link->get_locked()) {
        if (priority_of(*other) == priority_of(rt)) {
            return EEXIST;
        }
        if (priority_of(*other) > priority_of(rt)) {
            break;
        }
        link = &other->rt_next;
    }
    rt.rt_next.init(link->get_locked());
    rt.rt_node = &node;
    link->set_locked(&rt);
    return 0;
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

rtentry* rtable_match(stack& st, uint32_t dst) {
    rtentry* rt = nullptr;
    kern::smr_read_enter(st.smr);
    const art_node* an = art_match(st.routes.root, dst);
    if (an != nullptr) {
        rt = an->an_rtlist.get();
        rtref(*rt);  // the table's reference stays until this read section is over
    }
    kern::smr_read_leave(st.smr);
    return rt;
}

rtentry* rtable_lookup_locked(stack& st, uint32_t dst, uint8_t plen, unsigned prio) {
    const art_node* an = art_lookup_locked(st.routes.root, dst & plen_to_mask(plen), plen);
    rtentry* rt = an == nullptr ? nullptr : an->an_rtlist.get_locked();
    while (rt != nullptr && prio != RTP_ANY && priority_of(*rt) != prio) {
        rt = rt->rt_next.get_locked();
    }
    return rt;
}

int rtable_insert_locked(stack& st, rtentry& rt) {
    art_node* standing = art_lookup_locked(st.routes.root, rt.rt_dest, rt.rt_plen);
    if (standing != nullptr) {
        if (const int error = node_add_locked(*standing, rt); error != 0) {
            return error;
        }
    } else {
        auto* node = new art_node;
        node->an_key = rt.rt_dest;
        node->an_plen = rt.rt_plen;
        node->an_rtlist.init(&rt);
        heddle_name(node, name_of("art_node", rt.rt_dest, rt.rt_plen).text);
        rt.rt_node = node;
        art_insert_locked(st.routes.root, *node);
    }
    rtref(rt);
    all_append(st.routes, rt);
    return 0;
}

void rtable_delete_locked(stack& st, rtentry& rt) {
    kern::kassert(rt.rt_node != nullptr, "rtable_delete: not in the table");
    art_node* node = rt.rt_node;
    if (node->an_rtlist.get_locked() == &rt && rt.rt_next.get_locked() == nullptr) {
        // The last one stays on its node: a reader that has found the node must find a route there.
        rt.rt_dead_tables = art_delete_locked(st.routes.root, *node);
        rt.rt_dead_node = node;
    } else {
        link_to(rt).set_locked(rt.rt_next.get_locked());
    }
    rt.rt_node = nullptr;
    heddle_unlinked(&rt, &st.smr);
    all_remove(st.routes, rt);
}

void rtable_put_locked(stack& st, rtentry& rt) {
    kern::smr_call(st.smr, rt.rt_smr, table_reference_put, &rt);
}

void rtable_replace_locked(stack& st, rtentry& old_rt, rtentry& new_rt) {
    rtref(new_rt);
    new_rt.rt_node = old_rt.rt_node;
    new_rt.rt_next.init(old_rt.rt_next.get_locked());
    link_to(old_rt).set_locked(&new_rt);
    old_rt.rt_node = nullptr;
    heddle_unlinked(&old_rt, &st.smr);
    all_remove(st.routes, old_rt);
    all_append(st.routes, new_rt);
}

}  // namespace model::net
