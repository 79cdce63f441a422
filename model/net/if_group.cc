#include "model/net/if_group.h"

#include <algorithm>
#include <cerrno>

#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/pf/pf_if.h"

namespace model::net {

namespace {

constexpr std::string_view egress = "egress";

// Whether a default route goes out by it.
bool has_default_route_locked(stack& st, const ifnet& ifp) {
    const rtentry* rt = rtable_lookup_locked(st, 0, 0, RTP_ANY, 0);
    while (rt != nullptr && rt->rt_ifidx != ifp.if_index) {
        rt = rt->rt_next.get_locked();
    }
    return rt != nullptr;
}

}  // namespace

int if_addgroup_locked(ifnet& ifp, std::string_view group) {
    const bool is_name =
        !group.empty() && group.size() < if_namesize && (group.back() < '0' || group.back() > '9');
    if (!is_name) {
        return EINVAL;
    }
    if (if_in_group_locked(ifp, group)) {
        return EEXIST;
    }
    ifp.if_groups.emplace_back(group);
    pf::pfi_group_change(*ifp.if_stack, ifp);
    return 0;
}

int if_delgroup_locked(ifnet& ifp, std::string_view group) {
    if (std::erase(ifp.if_groups, group) == 0) {
        return ENOENT;
    }
    pf::pfi_group_change(*ifp.if_stack, ifp);
    return 0;
}

bool if_in_group_locked(const ifnet& ifp, std::string_view group) {
    return group == "all" ||
           std::find(ifp.if_groups.begin(), ifp.if_groups.end(), group) != ifp.if_groups.end();
}

void if_group_egress_build_locked(stack& st) {
    for (ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next) {
        const bool member = has_default_route_locked(st, *ifp);
        if (!member) {
            (void)if_delgroup_locked(*ifp, egress);  // it need not be one
        } else {
            (void)if_addgroup_locked(*ifp, egress);  // it may be one
        }
    }
}

}  // namespace model::net
