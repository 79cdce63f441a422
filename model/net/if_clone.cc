#include "model/net/if_clone.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "model/kern/assert.h"
#include "model/net/if_group.h"
#include "model/net/if_loop.h"
#include "model/net/if_pair.h"
#include "model/net/if_vether.h"
#include "model/net/if_vlan.h"
#include "model/net/object_name.h"
#include "model/net/stack.h"

namespace model::net {

namespace {

constexpr unsigned units_max = 65536;

constexpr if_clone cloners[] = {
    {"em", em_units_max, false, em_attach_locked, em_detach},
    {"lo", units_max, true, loop_clone_create_locked, loop_clone_destroy},
    {"pair", units_max, true, pair_clone_create_locked, pair_clone_destroy},
    {"vether", units_max, true, vether_clone_create_locked, vether_clone_destroy},
    {"vlan", units_max, true, vlan_clone_create_locked, vlan_clone_destroy},
};

// The number behind the kind; -1 if that is not what the name is made of.
int unit_of(const if_clone& cloner, const char* name) {
    const size_t kind = strlen(cloner.name);
    const char* digits = name + kind;
    const size_t length = strncmp(name, cloner.name, kind) == 0 ? strspn(digits, "0123456789") : 0;
    if (length == 0 || length > 5 || digits[length] != '\0' || (digits[0] == '0' && length != 1)) {
        return -1;
    }
    int unit = 0;
    for (size_t at = 0; at < length; ++at) {
        unit = unit * 10 + (digits[at] - '0');
    }
    return unit < static_cast<int>(cloner.units) ? unit : -1;
}

// The default route of what we send to ourselves goes by it.
bool is_indispensable(const ifnet& ifp) {
    return strcmp(ifp.if_xname, "lo0") == 0;
}

int destroy(stack& st, const char* name, bool forced) {
    kern::rw_enter_write(st.conf_lock);
    ifnet* ifp = if_unit_locked(st, name);
    const bool ours = ifp != nullptr && !ifp->if_detaching;
    const bool may = ours && (forced || !is_indispensable(*ifp));
    if (may) {
        ifp->if_detaching = true;
        if_hooks_run_locked(ifp->if_detachhooks);
    }
    kern::rw_exit(st.conf_lock);
    if (!may) {
        return ours ? EPERM : ENXIO;
    }
    ifp->if_cloner->destroy(st, *ifp);
    return 0;
}

}  // namespace

std::span<const if_clone> if_cloners() {
    return cloners;
}

ifnet* if_alloc(stack& st, const char* kind, unsigned unit) {
    ifnet* ifp = kern::pool_get<ifnet>(st.ifnet_pool);
    snprintf(ifp->if_xname, sizeof ifp->if_xname, "%s%u", kind, unit);
    heddle_name(ifp, name_of("ifnet", ifp->if_xname).text);
    heddle_name(&ifp->if_snd.mtx, name_of("queue", ifp->if_xname).text);
    return ifp;
}

void if_free(stack& st, ifnet* ifp) {
    kern::pool_put(st.ifnet_pool, ifp);
}

ifnet* if_attach_or_free_locked(stack& st, ifnet* ifp) {
    if (if_attach_locked(st, *ifp)) {
        return ifp;
    }
    if_freesadl(*ifp);
    if_free(st, ifp);
    return nullptr;
}

int if_clone_create_locked(stack& st, const char* name, ifnet** made) {
    for (const if_clone& cloner : cloners) {
        const int unit = unit_of(cloner, name);
        if (unit < 0) {
            continue;
        }
        if (if_unit_locked(st, name) != nullptr) {
            return EEXIST;
        }
        ifnet* ifp = cloner.create_locked(st, static_cast<unsigned>(unit));
        if (ifp == nullptr) {
            return ENOSPC;
        }
        ifp->if_cloner = &cloner;
        if (cloner.is_group) {
            (void)if_addgroup_locked(*ifp, cloner.name);
        }
        if (made != nullptr) {
            *made = ifp;
        }
        return 0;
    }
    return EINVAL;
}

int if_clone_destroy(stack& st, const char* name) {
    return destroy(st, name, false);
}

void if_clone_purge(stack& st) {
    while (st.ifnetlist != nullptr) {
        kern::kassert(destroy(st, st.ifnetlist->if_xname, true) == 0, "stack: in use");
    }
}

}  // namespace model::net
