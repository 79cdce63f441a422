#include "sim/trace/main_finding.h"

#include <algorithm>
#include <iterator>

namespace sim {

finding_weight weight_of_finding(std::string_view kind) {
    const auto* row = std::find_if(std::begin(finding_rows), std::end(finding_rows),
                                   [&](const finding_row& r) { return r.name == kind; });
    return row == std::end(finding_rows) ? finding_weight::ends : row->weight;
}

const trace_finding& main_finding(const trace& t) {
    // The first of the highest.
    const auto found = std::max_element(
        t.findings.begin(), t.findings.end(), [](const trace_finding& a, const trace_finding& b) {
            return weight_of_finding(a.kind) < weight_of_finding(b.kind);
        });
    return t.findings.at(static_cast<size_t>(found - t.findings.begin()));
}

}  // namespace sim
