// lifetime.h - the life of one object: who took and put each reference, who freed it, who used it after that.
// Shapes:  what is shown changes the object, or is named by the finding; a dashed line leads from a reference that a context took to where it gave it back; one that it did not is marked.
// Locks:   none; pure function.
// Errors:  false and a message where there is nothing of that kind to draw.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

[[nodiscard]] bool lifetime(const sim::trace& t, const format_options& options, std::string& gv,
                            std::string& error);

}  // namespace viz
