// pf_if.h - what pf knows of an interface, whether or not it is there.
// Source:  names after OpenBSD net/pf_if.c.
// Shapes:  a kif is found by name and survives its interface: rules and states go on to name it.
// Locks:   [I] immutable  [a] atomic  [L] pf_lock. A packet whose interface is referenced may use the interface's kif.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace model::net {
struct ifnet;
struct stack;
}  // namespace model::net

namespace model::pf {

struct pf_softc;

struct pfi_kif {
    explicit pfi_kif(std::string what) : name(std::move(what)) {}

    const std::string name;           // [I] "all": of states that are not bound
    std::atomic<bool> skip{false};    // [a] set skip on
    bool attached = false;            // [L] there is such an interface
    std::vector<std::string> groups;  // [L] that it is in
    unsigned refs = 0;                // [L] rules in lists, states that are not freed
};

// The kif of that name, made if there is none, with one reference more. pf_lock is held.
[[nodiscard]] pfi_kif* pfi_kif_ref_locked(pf_softc& pf, const std::string& name);
// Gives one up; null is fine. A kif that nobody uses and that has no interface goes. pf_lock is held.
void pfi_kif_unref_locked(pf_softc& pf, pfi_kif* kif);

// An interface comes, before it can be found, and goes, after the last reference to it has gone. conf_lock is held.
void pfi_attach_ifnet(net::stack& st, net::ifnet& ifp);
void pfi_detach_ifnet(net::stack& st, net::ifnet& ifp);

// The interface has joined groups, or left some. conf_lock is held.
void pfi_group_change(net::stack& st, net::ifnet& ifp);

// Whether what a rule, or `set skip`, names is this interface or a group that it is in. pf_lock is held.
[[nodiscard]] bool pfi_kif_match(const std::string& name, const pfi_kif& kif);

// set skip on these, and on no others: interfaces, and who is in groups of that name, now or later. pf_lock is held.
void pfi_set_skip_locked(pf_softc& pf, const std::vector<std::string>& names);

}  // namespace model::pf
