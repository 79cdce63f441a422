// template.h - the race that `heddle new` writes: small, right, and every line explained.
// Shapes:  text of a .race file; explores as it stands, without patches.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>

namespace scenario {

std::string race_template(const std::string& name);

}  // namespace scenario
