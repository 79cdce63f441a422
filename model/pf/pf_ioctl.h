// pf_ioctl.h - what pfctl asks of pf.
// Source:  names after pf(4) of OpenBSD and net/pf_ioctl.c.
// Shapes:  each function is one ioctl: one change. Between two of them packets, the purge and other tools go on.
// Locks:   pfioctl_rw, then what the change needs, all taken here. May sleep; the caller holds nothing.
// Errors:  int errno with the BSD meaning.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/pf/pf_rule.h"
#include "model/pf/pf_timeout.h"

namespace model::net {
struct stack;
}

namespace model::pf {

struct pf_state;

// EEXIST: it runs already. ENOENT: it does not run.
[[nodiscard]] int pf_ioc_start(net::stack& st);
[[nodiscard]] int pf_ioc_stop(net::stack& st);

// A transaction over several rulesets, by name ("": the main one).
struct pf_trans_element {
    std::string name;
    uint32_t ticket = 0;
};
void pf_ioc_xbegin(net::stack& st, std::vector<pf_trans_element>& elements);
[[nodiscard]] int pf_ioc_addrule(net::stack& st, const pf_trans_element& element,
                                 const pf_rule_spec& spec);
// All of them in one step, which no packet sees half done. EBUSY, and nothing is changed: somebody else has begun
// another transaction.
[[nodiscard]] int pf_ioc_xcommit(net::stack& st, const std::vector<pf_trans_element>& elements);
void pf_ioc_xrollback(net::stack& st, const std::vector<pf_trans_element>& elements);

void pf_ioc_set_timeout(net::stack& st, pf_timeout which, uint32_t seconds);
void pf_ioc_set_skip(net::stack& st, const std::vector<std::string>& names);

// A rule as it is in use, and those behind it if it is an anchor's with braces.
struct pf_rule_shown {
    pf_rule_spec spec;
    std::vector<pf_rule_spec> inside;
};
// ENOENT: there is no such ruleset.
[[nodiscard]] int pf_ioc_getrules(net::stack& st, const std::string& name,
                                  std::vector<pf_rule_shown>& rules);
void pf_ioc_clrrules(net::stack& st, const std::string& name);

// Kills states by the host that began them and the one that it spoke to; 0: any. Returns how many.
unsigned pf_ioc_killstates(net::stack& st, uint32_t src, uint32_t dst);

}  // namespace model::pf
