#include "model/netinet/in_multi.h"

#include "model/net/if.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"

namespace model::netinet {

using namespace net;

namespace {

in_multi* find_locked(const ifnet& ifp, uint32_t group) {
    in_multi* inm = ifp.if_maddrlist.get_locked();
    while (inm != nullptr && inm->inm_addr != group) {
        inm = inm->inm_next.get_locked();
    }
    return inm;
}

void free_entry(void* argument) {
    auto* inm = static_cast<in_multi*>(argument);
    kern::pool_put(inm->inm_stack->multi_pool, inm);
}

void free_later(stack& st, in_multi& inm) {
    kern::smr_call(st.smr, inm.inm_smr, free_entry, &inm);
}

// A packet that stands on it goes on by its inm_next, which stays as it is.
void unlink_locked(stack& st, ifnet& ifp, in_multi& inm) {
    kern::smr_ptr<in_multi*>* link = &ifp.if_maddrlist;
    while (link->get_locked() != &inm) {
        link = &link->get_locked()->inm_next;
    }
    link->set_locked(inm.inm_next.get_locked());
    heddle_unlinked(&inm, &st.smr);
    kern::smr_call(st.smr, inm.inm_smr, free_entry, &inm);
}

}  // namespace

in_multi* in_addmulti_locked(stack& st, ifnet& ifp, uint32_t group) {
    if (in_multi* inm = find_locked(ifp, group); inm != nullptr) {
        ++inm->inm_members;
        return inm;
    }
    auto* inm = kern::pool_get<in_multi>(st.multi_pool);
    heddle_name(inm, name_of("in_multi", group).text);
    inm->inm_addr = group;
    inm->inm_ifidx = ifp.if_index;
    inm->inm_members = 1;
    inm->inm_stack = &st;
    kern::smr_ptr<in_multi*>* link = &ifp.if_maddrlist;
    while (in_multi* next = link->get_locked()) {
        link = &next->inm_next;
    }
    link->set_locked(inm);
    return inm;
}

void in_delmulti_locked(stack& st, in_multi& inm) {
    if (--inm.inm_members != 0) {
        return;
    }
    if (inm.inm_ifidx == 0) {
        // On no list any more; but where its interface has only moved into another domain, a packet may stand on it.
        free_later(st, inm);
        return;
    }
    // An interface that is on its way out is in no map any more, but the entry stands on its list still: who takes the
    // interface apart frees it.
    if (ifnet* ifp = if_get(st, inm.inm_ifidx); ifp != nullptr) {
        unlink_locked(st, *ifp, inm);
        if_put(ifp);
    }
}

bool in_hasmulti(stack& st, uint32_t group, const ifnet& ifp) {
    if (group == inaddr_allhosts) {
        return true;
    }
    kern::smr_read_enter(st.smr);
    const in_multi* inm = ifp.if_maddrlist.get();
    while (inm != nullptr && inm->inm_addr != group) {
        inm = inm->inm_next.get();
    }
    kern::smr_read_leave(st.smr);
    return inm != nullptr;
}

void in_purgemulti_locked(stack& st, ifnet& ifp) {
    while (in_multi* inm = ifp.if_maddrlist.get_locked()) {
        ifp.if_maddrlist.set_locked(inm->inm_next.get_locked());
        inm->inm_ifidx = 0;
        if (inm->inm_members == 0) {
            free_later(st, *inm);
        }
    }
}

}  // namespace model::netinet
