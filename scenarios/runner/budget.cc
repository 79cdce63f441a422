#include "scenarios/runner/budget.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "scenarios/runner/child.h"

namespace scenario {

namespace {

constexpr uint64_t look_every = 256;    // executions of this process between two looks at the clock
constexpr double memory_every_s = 0.5;  // between two looks at memory, which take a while

// Pages that processes share count in parts, or as a whole where the system does not know the parts.
uint64_t memory_of_kib(const std::string& process) {
    std::ifstream in("/proc/" + process + "/smaps_rollup");
    for (std::string word; in >> word;) {
        if (uint64_t kib = 0; word == "Pss:" && in >> kib) {
            return kib;
        }
    }
    uint64_t all = 0;
    uint64_t resident = 0;
    std::ifstream("/proc/" + process + "/statm") >> all >> resident;
    return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) >> 10;
}

uint64_t memory_used_mib(const std::vector<pid_t>& workers) {
    uint64_t kib = memory_of_kib("self");
    for (pid_t process : workers) {
        kib += memory_of_kib(std::to_string(process));
    }
    return kib >> 10;
}

}  // namespace

bool budget::spent() {
    const bool look = ++asked_ % look_every == 0 || stop_requested();
    return look && spent_by({});
}

bool budget::spent_by(const std::vector<pid_t>& workers) {
    if (stop_requested()) {
        why_ = "interrupted";
    } else if (request_.seconds && speed_.seconds() >= static_cast<double>(*request_.seconds)) {
        why_ = fmt::format("stopped after {} s, as asked", *request_.seconds);
    } else if (uses_too_much(workers)) {
        why_ = fmt::format("stopped at {} MiB of memory, as asked", *request_.memory_mib);
    }
    return !why_.empty();
}

bool budget::uses_too_much(const std::vector<pid_t>& workers) {
    if (!request_.memory_mib || speed_.seconds() < memory_at_) {
        return false;
    }
    memory_at_ = speed_.seconds() + memory_every_s;
    return memory_used_mib(workers) >= *request_.memory_mib;
}

}  // namespace scenario
