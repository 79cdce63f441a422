#include "model/kern/clock.h"

namespace model::kern {

int64_t getuptime(const uptime_clock& clock) {
    if (clock.manual) {
        return clock.seconds;
    }
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count() + 1;
}

std::chrono::steady_clock::time_point uptime_point(int64_t uptime) {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(uptime - 1));
}

}  // namespace model::kern
