// pf_send.h - what pf itself sends.
// Source:  pf_send_tcp(), pf_send_icmp() of OpenBSD net/pf.c.
// Shapes:  marked PF_TAG_GENERATED: pf lets it pass.
// Locks:   none of pf is held: it goes out through ip_output, which may come back here, and may sleep.
// Errors:  none; what cannot be sent is not.
#pragma once

#include "model/pf/pf_pdesc.h"

namespace model::pf {

// Tells the sender of a blocked packet, as the rule wants it.
void pf_answer(net::stack& st, const pf_pdesc& pd, pf_return answer);

}  // namespace model::pf
