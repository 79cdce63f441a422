#include "model/kern/clock.h"

#include <chrono>

namespace model::kern {

int64_t getuptime(const uptime_clock& clock) {
    if (clock.manual) {
        return clock.seconds;
    }
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(now).count() + 1;
}

}  // namespace model::kern
