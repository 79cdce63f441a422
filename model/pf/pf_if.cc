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

}  // namespace

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
    ifp.if_pf_kif = kif;
    kern::rw_exit(st.pf->lock);
}

void pfi_detach_ifnet(stack& st, ifnet& ifp) {
    kern::rw_enter_write(st.pf->lock);
    pfi_kif* kif = ifp.if_pf_kif;
    ifp.if_pf_kif = nullptr;
    kif->attached = false;
    free_if_unused(*st.pf, kif);
    kern::rw_exit(st.pf->lock);
}

void pfi_set_skip_locked(pf_softc& pf, const std::vector<std::string>& names) {
    std::vector<pfi_kif*> no_more;
    for (const auto& [name, kif] : pf.kifs) {
        if (kif->skip.load(std::memory_order_relaxed) &&
            std::find(names.begin(), names.end(), name) == names.end()) {
            no_more.push_back(kif);
        }
    }
    for (const std::string& name : names) {
        pfi_kif* kif = pfi_kif_ref_locked(pf, name);
        if (kif->skip.exchange(true, std::memory_order_relaxed)) {
            pfi_kif_unref_locked(pf, kif);  // the flag has its reference already
        }
    }
    for (pfi_kif* kif : no_more) {
        kif->skip.store(false, std::memory_order_relaxed);
        pfi_kif_unref_locked(pf, kif);
    }
}

}  // namespace model::pf
