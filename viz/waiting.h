// waiting.h - when a context could not go on, and for what: read off the lists of enabled contexts.
// Shapes:  waits in the order of the interleaving; one for each time that a context stops being
//          enabled, placed after the step that made it wait.
// Locks:   none; pure function.
// Errors:  none; a trace that records its waits itself ("blocked" remarks) gives none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

struct wait {
    uint32_t event = 0;  // index of the event before which it shows; the number of events: the end
    uint32_t last = 0;   // index of the context's last step
    uint32_t context = 0;
    std::string text;  // "waits for conf_lock, held by adm"
};

std::vector<wait> waits_of(const sim::trace& t);

}  // namespace viz
