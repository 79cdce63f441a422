#include "model/pf/pf_if.h"

#include <algorithm>

#include "model/net/if.h"
#include "model/net/stack.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

namespace {

pfi_kif* find_or_make(pf_softc& pf, const std::string& name) {
    pfi_kif*& kif = pf.kifs[name];
    if (kif == nullptr) {
        kif = new pfi_kif(name);
        heddle_name(kif, ("kif " + name).c_str());
    }
    return kif;
}

void free_if_unused(pf_softc& pf, pfi_kif* kif) {
    if (kif->refs == 0 && !kif->attached) {
        pf.kifs.erase(kif->name);
        delete kif;
    }
}

void update_skip(const pf_softc& pf, pfi_kif& kif) {
    const bool skip =
        std::any_of(pf.skip_names.begin(), pf.skip_names.end(),
                    [&](const std::string& name) { return pfi_kif_match(name, kif); });
    if (kif.skip.load(std::memory_order_relaxed) != skip) {
        kif.skip.store(skip, std::memory_order_relaxed);
    }
}

}  // namespace

bool pfi_kif_match(const std::string& name, const pfi_kif& kif) {
    const auto in_group = [&] {
        return name == "all" ||
               std::find(kif.groups.begin(), kif.groups.end(), name) != kif.groups.end();
    };
    return kif.name == name || (kif.attached && in_group());
}

pfi_kif* pfi_kif_ref_locked(pf_softc& pf, const std::string& name) {
    pfi_kif* kif = find_or_make(pf, name);
    ++kif->refs;
    return kif;
}

void pfi_kif_unref_locked(pf_softc& pf, pfi_kif* kif) {
    if (kif != nullptr) {
        --kif->refs;
        free_if_unused(pf, kif);
    }
}

void pfi_attach_ifnet(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.pf->lock);
    pfi_kif* kif = find_or_make(*st.pf, ifp.if_xname);
    kif->attached = true;
    if (!st.pf->skip_names.empty()) {
        update_skip(*st.pf, *kif);
    }
    ifp.if_pf_kif = kif;
    kern::rw_exit(st.pf->lock);
}

void pfi_detach_ifnet(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.pf->lock);
    pfi_kif* kif = ifp.if_pf_kif;
    ifp.if_pf_kif = nullptr;
    kif->attached = false;
    kif->groups.clear();
    free_if_unused(*st.pf, kif);
    kern::rw_exit(st.pf->lock);
}

void pfi_group_change(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.pf->lock);
    ifp.if_pf_kif->groups = ifp.if_groups;
    if (!st.pf->skip_names.empty()) {
        update_skip(*st.pf, *ifp.if_pf_kif);
    }
    kern::rw_exit(st.pf->lock);
}

void pfi_set_skip_locked(pf_softc& pf, const std::vector<std::string>& names) {
    pf.skip_names = names;
    for (const auto& [name, kif] : pf.kifs) {
        update_skip(pf, *kif);
    }
}

}  // namespace model::pf
