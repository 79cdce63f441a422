#include "scenarios/runner/pace.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace scenario {

pace::pace(std::string variant, uint64_t executions_max)
    : variant_(std::move(variant)),
      executions_max_(executions_max),
      begin_(std::chrono::steady_clock::now()) {}

double pace::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

progress pace::at(uint64_t executions, uint64_t findings, int bound, double share) {
    progress p;
    p.variant = variant_;
    p.executions = executions;
    p.findings = findings;
    p.bound = bound;
    p.seconds = seconds();
    if (bound != bound_) {
        bound_ = bound;
        before_round_ = executions;
        size_.clear();
    }
    size_.add(executions - before_round_, share);
    executions_ = executions;
    guess_rest(p);
    return p;
}

std::string pace::size_text() const {
    if (!size_.known() || bound_ >= 0) {
        return "";
    }
    return fmt::format(
        "{} executions are an estimated {:.3g} to {:.3g} % of all: there may be {:.2g} to {:.2g}",
        executions_, size_.share_low() * 100, size_.share_high() * 100, size_.total_low(),
        size_.total_high());
}

void pace::guess_rest(progress& p) const {
    const auto done = static_cast<double>(p.executions);
    const double limit = executions_max_ == ~0ULL ? -1 : static_cast<double>(executions_max_);
    double low = limit;
    double high = limit;
    if (size_.known()) {
        p.share_low = size_.share_low();
        p.share_high = size_.share_high();
        p.share_lost = size_.share_lost();
        const auto before = static_cast<double>(before_round_);
        low = before + size_.total_low();
        high = before + size_.total_high();
        if (limit >= 0) {
            low = std::min(low, limit);
            high = std::min(high, limit);
        }
    }
    if (low >= 0 && p.executions != 0 && p.seconds > 0) {
        const double each = p.seconds / done;
        p.left_low = std::max(low - done, 0.0) * each;
        p.left_high = std::max(high - done, 0.0) * each;
    }
}

}  // namespace scenario
