// suppress.h - findings that the subject's own text allows, each with a reason.
// Source:  design section 4: a suppressed data race makes its location visible all the same.
// Shapes:  a comment `heddle: allow KIND: REASON`, at the end of a line for that line, alone on its line for the next
//          that is none. KIND is a name of describe.cc. It allows findings one of whose sites is on that line.
//          The texts are those that the debug information names; of one that is not there nothing is allowed.
// Locks:   none; host code.
// Errors:  an annotation that says too little allows nothing, and `problem` says why.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/finding.h"

namespace sim {

struct suppression {
    std::string file;
    uint32_t line = 0;     // of the comment
    uint32_t of_line = 0;  // whose findings it allows
    std::string kind;
    std::string reason;
    std::string problem;  // why it allows nothing; "" if it does
};

// Those in one text, in order.
std::vector<suppression> parse_suppressions(const std::string& file, const std::string& text);

// Of the loaded subject; the same list in every process.
const std::vector<suppression>& suppressions();
// Where texts are looked for whose names are relative, after the current folder.
void suppressions_beneath(const std::string& folder);

// Whether a finding of the current execution is allowed. It is noted if so.
bool is_allowed(const finding& f);
// The numbers of those that allowed something in this execution, each once.
struct allowed_finding {
    uint32_t number;
    finding_kind kind;
};
std::vector<allowed_finding> allowed_now();

}  // namespace sim
