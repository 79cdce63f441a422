// pf_eval.h - which rule decides on a packet.
// Source:  pf_match_rule(), pf_test_rule() of OpenBSD net/pf.c.
// Shapes:  the last rule that matches decides, or the first with quick; nobody: pass. Match rules take effect in order, and
//          what comes after one sees the packet as it has translated it.
// Locks:   pf_lock is held exclusively; nat looks for a free port under pf_state_lock (read), taken here.
// Errors:  false: translation found no port.
#pragma once

#include <vector>

#include "model/pf/pf_pdesc.h"
#include "model/pf/pfvar.h"

namespace model::pf {

// Who has decided. Until pf_lock is given up these are borrowed from their lists.
struct pf_verdict {
    pf_rule* rule = nullptr;
    pf_rule* anchor = nullptr;  // the anchor rule that led to it
    std::vector<pf_rule*> match_rules;
    bool translated = false;  // by some rule that applies
    int16_t rtableid = -1;    // of the last rule that applies and names a table; -1: none does
};

// Leaves in pd.want what the rules translate to.
[[nodiscard]] bool pf_eval_rules_locked(pf_softc& pf, pf_pdesc& pd, pf_verdict& verdict);

// Has nat-to and rdr-to of this rule take effect. False: no port is free.
[[nodiscard]] bool pf_get_transaddr_locked(pf_softc& pf, pf_pdesc& pd, const pf_rule_spec& rule);

}  // namespace model::pf
