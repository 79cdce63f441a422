// pf_print.h - rules as pfctl prints them.
// Source:  pfctl(8), its normal form: what it prints is a pf.conf again, and prints the same.
// Shapes:  one line a rule, without its end.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <string>

#include "model/pf/pf_parse.h"
#include "model/pf/pf_rule.h"

namespace model::pf {

[[nodiscard]] std::string pf_rule_text(const pf_rule_spec& spec);

// All of a configuration: macros, options, rules, those of anchors in braces.
[[nodiscard]] std::string pf_config_text(const pf_config& config);

}  // namespace model::pf
