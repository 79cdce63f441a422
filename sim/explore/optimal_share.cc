// The optimal strategy seen from outside, between two executions: how much of it is done.
#include <algorithm>

#include "sim/explore/optimal.h"

namespace sim {

namespace {

// How many alternatives of a data choice there are, and how many of them come before one.
uint32_t alternatives_before(const data_choice& p, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < end; ++i) {
        count += i >= 64 || (p.excluded >> i & 1) == 0 ? 1 : 0;
    }
    return count;
}

}  // namespace

// From the last node up: of the children that a node has by now, some are done, one is done in part.
double optimal_strategy::share_done() const {
    double share = 1;
    for (size_t d = std::min(used_, log_.size()); d-- > 0;) {
        const node& n = path_[d];
        for (size_t k = log_.picks_end(d); n.picks.empty() && k-- > log_.picks_begin(d);) {
            const data_choice& p = log_.pick(k);
            share = (alternatives_before(p, p.taken) + share) / alternatives_before(p, p.count);
        }
        uint32_t branches = n.done + 1;
        for (int32_t at = n.siblings; at >= 0; at = forest_.at(at).next) {
            ++branches;
        }
        share = (n.done + share) / branches;
    }
    return share;
}

}  // namespace sim
