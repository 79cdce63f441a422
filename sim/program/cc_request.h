// cc_request.h - the command line of `heddle cc`, taken apart.
// Source:  the spelling of gcc's own options; everything not ours is handed to the compiler.
// Shapes:  order is kept within each list; `slot` < module_slots_max.
// Locks:   none; plain values.
// Errors:  a message fit to follow "heddle cc: ".
#pragma once

#include <string>
#include <vector>

namespace sim {

enum class cc_language { c, cxx, object };

struct cc_input {
    std::string path;
    cc_language language = cc_language::cxx;
};

struct cc_request {
    std::string output;  // as asked, or prog.so, or SOURCE.o with -c
    bool compile_only = false;
    bool verbose = false;
    bool help = false;
    unsigned slot = 0;
    std::string c_compiler = "gcc";
    std::string cxx_compiler = "g++";
    bool clang = false;
    std::vector<cc_input> inputs;
    std::vector<std::string> compile_flags;
    std::vector<std::string> link_flags;
    bool wants_depfile = false;    // -MD or -MMD
    bool names_depfile = false;    // -MF
    bool names_deptarget = false;  // -MT or -MQ
};

// Takes ARGS apart. On failure returns false and sets `error`.
[[nodiscard]] bool parse_cc_request(const std::vector<std::string>& args, cc_request& request,
                                    std::string& error);

}  // namespace sim
