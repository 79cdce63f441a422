// token_text.h - the one line of text that replays an execution, as a value and as text.
// Source:  design section 4: choices are named by (context, source function, occurrence), so that a token
//          outlives edits elsewhere. What is not named follows the default rule (replay.h).
// Shapes:  h1/SUBJECT/VARIANT/POSITION:NEXT+POSITION:NEXT...  with POSITION = CONTEXT:FUNCTION:N: the
//          context is about to do, for the N-th time, an operation in that function (or is blocked or
//          done there), and NEXT is who goes on. N may be N.KIND~OBJECT.M: the operation is the M-th of
//          that kind on that object there (a hash of its name), by which it is found again when others
//          were put before it (token_drift.h); =K instead is the K-th alternative of a data choice.
//          "-" stands for no deviation. A fifth part /LOCATION,LOCATION... are the racing locations
//          whose plain accesses were scheduling points (machine/visible.h), and loop.F~N the places at
//          which contexts were scheduled fairly (machine/fair.h), memory.MODEL[.drawn] the memory model, and weakened.F~N~ACCESS~ORDER
//          an order that was taken to be weaker than it stands there (memory/weakened.h). Other characters than letters,
//          digits, _ . ~ are %XX.
// Locks:   none; plain values.
// Errors:  a message that says which part is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct deviation {
    std::string context;
    std::string function;
    uint32_t occurrence = 1;
    bool data = false;
    uint32_t alternative = 0;
    std::string next;
    std::string kind = {};  // what the context is about to do, as a witness
    uint32_t object = 0;    // hash of the object's name, 16 bits
    uint32_t nth = 0;       // of that kind on that object in the function; 0: there is no witness
    bool operator==(const deviation&) const = default;
};

struct token {
    std::string subject;
    std::string variant;
    std::vector<deviation> deviations;
    std::vector<std::string> visible;  // as print_location writes them
    bool operator==(const token&) const = default;
};

std::string print_token(const token& t);
[[nodiscard]] bool parse_token(const std::string& text, token& t, std::string& error);

}  // namespace sim
