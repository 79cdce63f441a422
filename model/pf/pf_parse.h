// pf_parse.h - pf.conf text in, rules out.
// Source:  pf.conf(5); what is not taken stands in README.md.
// Shapes:  lists are expanded, first the interface, then protocol, source, its port, destination, its port.
// Locks:   none; a pure function.
// Errors:  each with line and column, in pfctl's words where it has some, and a hint; rules with errors are left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/pf/pf_rule.h"
#include "model/pf/pf_timeout.h"

namespace model::pf {

struct pf_parse_error {
    size_t line = 0;
    size_t column = 0;
    std::string what;  // what pfctl says
    std::string hint;  // what we say besides; may be empty
};

struct pf_config_rule {
    pf_rule_spec spec;
    std::vector<pf_config_rule> inside;  // of an anchor with braces
    size_t line = 0;                     // where what it was made of begins
    size_t column = 0;
};

struct pf_config {
    std::vector<pf_config_rule> rules;
    std::vector<std::string> skip;                            // set skip on
    std::vector<std::pair<pf_timeout, uint32_t>> timeouts;    // set timeout
    std::vector<std::pair<std::string, std::string>> macros;  // name = "value"
    std::vector<std::string> options;  // the `set` lines as pfctl prints them
    std::vector<pf_parse_error> errors;
};

// `in_anchor`: the text is that of an anchor, where there are no options and no more anchors.
[[nodiscard]] pf_config pf_parse(std::string_view text, bool in_anchor = false);

}  // namespace model::pf
