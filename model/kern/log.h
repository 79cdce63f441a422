// log.h - what the kernel tells its administrator, as dmesg(8) shows it.
// Shapes:  one line an entry, without its end. At most log_lines_max; what comes then is only counted.
// Locks:   [M] mtx, a leaf. Reading is for when nobody runs.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

#include "model/kern/mutex.h"

namespace model::kern {

inline constexpr unsigned log_lines_max = 1000;

struct message_log {
    // [I] each line is shown at once, too; called with the mutex
    void (*console)(void* argument, const char* line) = nullptr;
    void* console_argument = nullptr;  // [I]
    mutex mtx{ipl_high};               // every interrupt may log
    std::vector<std::string> lines;    // [M]
    unsigned lost = 0;                 // [M]
};

void log(message_log& to, std::string line);

}  // namespace model::kern
