#include "model/kern/log.h"

#include <utility>

namespace model::kern {

void log(message_log& to, std::string line) {
    mtx_enter(to.mtx);
    if (to.console != nullptr) {
        to.console(to.console_argument, line.c_str());
    }
    if (to.lines.size() < log_lines_max) {
        to.lines.push_back(std::move(line));
    } else {
        ++to.lost;
    }
    mtx_leave(to.mtx);
}

}  // namespace model::kern
