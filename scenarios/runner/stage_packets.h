// stage_packets.h - the words in which a trace tells of the packets of a race.
// Shapes:  with several routers an interface has the name of its router in front: "r2:em0".
// Locks:   none; host code.
// Errors:  bytes that are no packet are told as what is wrong with them.
#pragma once

#include "scenarios/lang/script.h"

namespace scenario {

// For all traces of this process; the script outlives them.
void tell_packets(const script& s);

}  // namespace scenario
