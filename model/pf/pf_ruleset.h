// pf_ruleset.h - rules in use, anchors, and the transactions that replace them.
// Source:  names after OpenBSD net/pf_ruleset.c and net/pf_ioctl.c.
// Shapes:  the main ruleset has the name "".
// Locks:   [I] immutable  [a] atomic  [L] pf_lock. A rule is counted: its list has a reference, so has each state made
//          by it and each packet that it decided on. It may be used without any lock by who has one.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <string>

#include "model/kern/refcnt.h"
#include "model/pf/pfvar.h"

namespace model::pf {

struct pf_rule {
    pf_rule(const pf_rule_spec& what, unsigned number) : spec(what), nr(number) {}

    const pf_rule_spec spec;      // [I]
    const unsigned nr;            // [I] in its list
    kern::refcnt refcnt;          // [a]
    pfi_kif* kif = nullptr;       // [L] null: any interface, or the rule is in no list any more
    pf_anchor* anchor = nullptr;  // [L] where an anchor rule leads while it is in a list
};

// A rule of no list; the reference is the caller's.
[[nodiscard]] pf_rule* pf_rule_make(net::stack& st, const pf_rule_spec& spec, unsigned nr);
pf_rule* pf_rule_ref(pf_rule* r);  // null is fine
// Who gives up the last reference frees the rule; null is fine. Needs no lock.
void pf_rule_unref(net::stack& st, pf_rule* r);

// The ruleset of that name; null if there is none. pf_lock is held.
[[nodiscard]] pf_ruleset* pf_ruleset_or_null_locked(pf_softc& pf, const std::string& name);

// A transaction; pf_lock is held by each. What was inactive goes, and a new ticket is given out.
[[nodiscard]] uint32_t pf_begin_rules_locked(net::stack& st, const std::string& name);
// EBUSY: that is not the newest ticket, or there is no such routing table. One that is there stays.
[[nodiscard]] int pf_add_rule_locked(net::stack& st, const std::string& name, uint32_t ticket,
                                     const pf_rule_spec& spec);
[[nodiscard]] int pf_check_ticket_locked(pf_softc& pf, const std::string& name, uint32_t ticket);
// Makes what was added the rules in use. A rule that was in use goes when the last of its states has gone.
void pf_commit_rules_locked(net::stack& st, const std::string& name);
void pf_rollback_rules_locked(net::stack& st, const std::string& name, uint32_t ticket);

// All rules in use of that ruleset go.
void pf_flush_rules_locked(net::stack& st, const std::string& name);

}  // namespace model::pf
