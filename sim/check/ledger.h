// ledger.h - who has which reference: each take and put of a counted object, with its owner and its place.
// Source:  refcnt_init(9) of OpenBSD names the rules; told by heddle_take and heddle_put (annotate.h).
// Shapes:  a put gives back the newest take of the same context, else the oldest of another, else one of those
//          that the object was made with. Of references that others put than took them a report says all that may be
//          open. A counter that holds what the ledger does not know of is begun anew.
// Locks:   none.
// Errors:  findings; none of them ends an execution. Of a wait or a leak it says which reference was not put.
#pragma once

#include "sim/check/checker.h"

namespace sim {

checker& ledger();

}  // namespace sim
