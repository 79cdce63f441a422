// mail.h - one execution as a mail: plain text that a mailing list, a quoting reader and a commit message leave alone.
// Source:  RFC 3676 (72 columns survive quoting); git-commit drops lines that begin with '#', git-am cuts at "---"; the
//          words of a lock order report are those of witness(4).
// Shapes:  ASCII; lines of at most 72 places that do not begin with '#', "From ", "---" or "diff"; a token that is
//          longer is broken by a backslash and the end of the line, which a shell takes back.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

std::string mail(const sim::trace& t, const format_options& options);

}  // namespace viz
