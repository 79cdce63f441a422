// names.h - whether every name in a script stands for something in it, and which names the script
// leaves to the subject.
// Errors:  diagnostics: unknown names with near matches, names declared twice.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/lang/options.h"
#include "scenarios/lang/script.h"

namespace scenario {

// Checks all references between the parts of the script.
void check_names(const script& s, const parse_options& options, diagnostics& out);

enum class outside_kind : uint8_t {
    function,     // enter F, leave F, in F touches, T in F, bug ... at F
    lock,         // lock X, unlock X, when free X
    window,       // window NAME
    channel,      // blocked on X
    object,       // obj X, touches X
    object_kind,  // live KIND, no leak KIND
    counter,      // stat NAME
    patch         // patch FILE
};

struct outside_name {
    outside_kind kind = outside_kind::function;
    word name;
};

// The names that only the subject can know, in the order of the script: for the pass that looks
// them up when a subject is loaded.
[[nodiscard]] std::vector<outside_name> outside_names(const script& s);

}  // namespace scenario
