// observe.h - values that an observer may ask a router for, as text.
// Source:  ours; each word is listed in README.md.
// Shapes:  "none" where what is asked for does not exist (yet); numbers are decimal.
// Locks:   none is taken, and nothing is changed, not even for a moment: no reference, no read section. Nobody
//          else runs, or the lock that guards the value has just been given up.
// Errors:  false: these words ask for nothing that is known.
#pragma once

#include <string>

#include "model/admin/tools.h"

namespace model::admin {

// The first word says what, the others of which.
[[nodiscard]] bool observe(net::stack& st, arguments words, std::string& out);

}  // namespace model::admin
