// sysctl.h - the variables that sysctl(8) knows.
// Source:  net.inet of sysctl(2); ranges are those the kernel enforces.
// Shapes:  values are int.
// Locks:   none; every variable is atomic.
// Errors:  null for an unknown name.
#pragma once

#include <atomic>
#include <span>
#include <string_view>

#include "model/netinet/ip_var.h"

namespace model::admin {

struct sysctl_variable {
    const char* name;
    std::atomic<int> netinet::ip_state::*value;
    int min;
    int max;
};

[[nodiscard]] std::span<const sysctl_variable> sysctl_variables();
[[nodiscard]] const sysctl_variable* sysctl_variable_or_null(std::string_view name);

}  // namespace model::admin
