#include "sim/trace/main_finding.h"

#include <algorithm>
#include <iterator>

namespace sim {

unsigned rank_of_finding(std::string_view kind) {
    if (kind == "leak") {
        return 0;
    }
    if (kind == "data race" || kind == "exit status" || kind == "uninitialised read") {
        return 1;
    }
    // Broken rules: the execution goes on, and what ends it says what they led to.
    constexpr std::string_view noted[] = {"invariant violated",
                                          "lock order",
                                          "sleep where none is allowed",
                                          "grace wait inside a read section",
                                          "barrier inside its own queue",
                                          "free before the grace period",
                                          "slots exhausted",
                                          "unbalanced region",
                                          "put without a reference",
                                          "take at zero",
                                          "put of the wrong object"};
    return std::find(std::begin(noted), std::end(noted), kind) != std::end(noted) ? 2 : 3;
}

const trace_finding& main_finding(const trace& t) {
    // The first of the highest.
    const auto found = std::max_element(
        t.findings.begin(), t.findings.end(), [](const trace_finding& a, const trace_finding& b) {
            return rank_of_finding(a.kind) < rank_of_finding(b.kind);
        });
    return t.findings.at(static_cast<size_t>(found - t.findings.begin()));
}

}  // namespace sim
