// checkpoint.h - an exploration that was stopped, in a file.
// Source:  design section 7, long work.
// Shapes:  a line with the format's version, a line with the sum of all that follows, then what the exploration
//          is about, then its state. Written beside its place and moved there: a file is whole or not there.
// Locks:   none.
// Errors:  texts for people. A file that is about something else, or not whole, is left as it is.
#pragma once

#include <string>

namespace scenario {

[[nodiscard]] bool write_checkpoint(const std::string& path, const std::string& about,
                                    const std::string& state, std::string& error);
[[nodiscard]] bool read_checkpoint(const std::string& path, const std::string& about,
                                   std::string& state, std::string& error);

}  // namespace scenario
