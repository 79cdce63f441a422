#include "sim/explore/estimate.h"

#include <algorithm>

namespace sim {

void size_estimate::add(uint64_t executions, double share) {
    if (executions < executions_ignored || share <= 0) {
        return;
    }
    last_ = {executions, std::max(static_cast<double>(executions) / std::min(share, 1.0),
                                  static_cast<double>(executions))};
    if (count_ == 0 || executions >= at(0).executions + at(0).executions / sample_each) {
        samples_[count_++ % samples_max] = last_;
    }
    lost_ = share < highest_;
    highest_ = std::max(highest_, share);
}

// The recent past: samples since half of the executions were done.
size_t size_estimate::recent() const {
    const size_t kept = std::min(count_, samples_max);
    size_t n = 1;
    while (n < kept && at(n).executions * 2 >= last_.executions) {
        ++n;
    }
    return n;
}

double size_estimate::total_low() const {
    double low = last_.total;
    for (size_t age = 0; age < recent(); ++age) {
        low = std::min(low, at(age).total);
    }
    return std::max(low, done());
}

double size_estimate::total_high() const {
    double high = last_.total;
    const size_t n = recent();
    for (size_t age = 0; age < n; ++age) {
        high = std::max(high, at(age).total);
    }
    const double growth = n == 0 ? 1 : last_.total / at(n - 1).total;
    return std::max(high * std::max(growth, 1.0), done());
}

}  // namespace sim
