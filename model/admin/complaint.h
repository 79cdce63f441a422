// complaint.h - how tools complain.
// Source:  err(3) and errx(3).
// Shapes:  "arp: 10.3.3.3: No such process", a line of the output.
// Locks:   none.
// Errors:  each returns 1, the exit status of a tool that gives up.
#pragma once

#include <string>
#include <string_view>

#include "model/admin/error_text.h"

namespace model::admin {

inline int errx(std::string& out, std::string_view tool, std::string_view what) {
    out.append(tool).append(": ").append(what).append("\n");
    return 1;
}

inline int err(std::string& out, std::string_view tool, std::string_view what, int error) {
    return errx(out, tool, std::string(what) + ": " + error_text(error));
}

}  // namespace model::admin
