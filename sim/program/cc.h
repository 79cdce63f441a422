// cc.h - `heddle cc`: makes a subject, which the machine can load, out of ordinary C and C++.
// Source:  design section 1, traps 1 to 4; the flags and the reason for each are in cc_flags.cc.
// Shapes:  a shared object linked at the fixed address of its slot; the same text, the same bytes.
// Locks:   none. Runs compilers as child processes; must not be called on a simulated CPU.
// Errors:  0 made; 2 the text does not compile, the usage is wrong, or a compiler is missing.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sim {

// Runs `heddle cc ARGS`. Help and --verbose commands go to `out`, what compilers print and every
// complaint to `err`. The output file is replaced only when everything succeeded.
[[nodiscard]] int run_cc(const std::vector<std::string>& args, std::ostream& out,
                         std::ostream& err);

// The usage text that --help prints.
[[nodiscard]] const char* cc_usage();

}  // namespace sim
