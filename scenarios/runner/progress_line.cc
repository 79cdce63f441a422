#include "scenarios/runner/progress_line.h"

#include <fmt/format.h>

#include <sstream>

namespace scenario {

std::string progress_line(const progress& p) {
    return fmt::format("progress {} {} {} {} {:.3f} {:.9f} {:.9f} {:.9f} {:.1f} {:.1f} {}",
                       p.executions, p.findings, p.bound, p.bound_of, p.seconds, p.share_low,
                       p.share_high, p.share_lost, p.left_low, p.left_high, p.variant);
}

bool parse_progress_line(const std::string& line, progress& p) {
    std::istringstream in(line);
    std::string word;
    in >> word >> p.executions >> p.findings >> p.bound >> p.bound_of >> p.seconds;
    in >> p.share_low >> p.share_high >> p.share_lost >> p.left_low >> p.left_high;
    if (!in || word != "progress") {
        return false;
    }
    in.get();
    return static_cast<bool>(std::getline(in, p.variant));
}

}  // namespace scenario
