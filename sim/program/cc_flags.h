// cc_flags.h - the flags that make a compiler and a linker produce a subject, and why.
// Source:  design section 1, traps 1 to 4, tried with g++ 12.2 and clang 14.
// Shapes:  pinned flags come before the user's, so that the user's win; required ones come after.
// Locks:   none; pure functions of their arguments.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "sim/program/cc_request.h"

namespace sim {

// Files that every subject is made with; installed beside the command or left in the build tree.
struct subject_files {
    std::string archive;      // libheddle_subject.a: instrumented container functions
    std::string prefix;       // subject_prefix.h, included before g++ reads any source
    std::string include_dir;  // where sim/annotate.h is found
};

// Looks beside the running executable first (../lib/heddle, ../include/heddle), then where this
// library was built.
[[nodiscard]] subject_files find_subject_files();

// The words that compile `input` to `object`.
[[nodiscard]] std::vector<std::string> compile_command(const cc_request& request,
                                                       const subject_files& files,
                                                       const cc_input& input,
                                                       const std::string& object,
                                                       const std::string& folder);

// The words that link `objects` to `output` at the address of the request's slot.
[[nodiscard]] std::vector<std::string> link_command(const cc_request& request,
                                                    const subject_files& files,
                                                    const std::vector<std::string>& objects,
                                                    const std::string& output);

// Where the modules of a slot are linked: the address that is also their address at run time.
[[nodiscard]] std::string slot_address_text(unsigned slot);

}  // namespace sim
