#include "scenarios/runner/work_clock.h"

#include <ctime>

namespace scenario {

namespace {

double seconds_of_process() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

work_clock::work_clock()
    : begin_(std::chrono::steady_clock::now()), worked_before_(seconds_of_process()) {}

double work_clock::passed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

double work_clock::worked() const {
    return seconds_of_process() - worked_before_;
}

}  // namespace scenario
