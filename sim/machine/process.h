// process.h - the end of the subject's process, wanted or not.
// Source:  design section 1 trap 8, section 4 Findings.
// Shapes:  none.
// Locks:   none.
// Errors:  everything that would end a process is a finding.
#pragma once

#include <cstdint>

namespace sim {

// Installs the handlers for faults, terminate and endless loops. Once a process.
void process_watch();
// The subject ends its process; with `handlers`, its exit handlers run first.
[[noreturn]] void subject_exit(int status, bool handlers, uint64_t pc);

}  // namespace sim
