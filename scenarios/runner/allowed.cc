#include "scenarios/runner/allowed.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/suppress.h"

namespace scenario {

void tell_allowed(const sim::explore_result& result, variant_report& r) {
    const std::vector<sim::suppression>& all = sim::suppressions();
    for (uint32_t n = 0; n < all.size(); ++n) {
        const sim::suppression& s = all[n];
        const std::string where = fmt::format("{}:{}", s.file, s.line);
        const auto used = std::find_if(result.allowed.begin(), result.allowed.end(),
                                       [&](const sim::allowed_case& a) { return a.number == n; });
        if (used != result.allowed.end()) {
            r.allowed.push_back({s.kind, where, s.reason, used->executions});
        } else if (!s.problem.empty()) {
            r.notes.push_back(
                fmt::format("{}: the annotation allows nothing: {} (heddle: allow KIND: REASON)",
                            where, s.problem));
        } else {
            r.notes.push_back(
                fmt::format("{}: a {} is allowed there, but there was none", where, s.kind));
        }
    }
}

void assume_allowed(const variant_report& r, std::vector<std::string>& assumes) {
    for (const allowed_report& a : r.allowed) {
        assumes.push_back(fmt::format("the {} at {} does no harm: {}", a.kind, a.where, a.reason));
    }
}

}  // namespace scenario
