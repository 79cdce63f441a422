// mermaid.h - Mermaid: a sequence diagram that Markdown hosts draw.
// Source:  sequenceDiagram of Mermaid; '#' and ';' are its own, so they are written as entities.
// Shapes:  the rows of the story; an arrow between two participants is a happens-before edge; by a memory model also whose
//          value a read takes, and (a cross) which it does not see.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

std::string mermaid(const sim::trace& t, const format_options& options);

}  // namespace viz
