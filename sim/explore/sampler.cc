#include "sim/explore/sampler.h"

#include <fmt/format.h>

#include "sim/dependence.h"
#include "sim/explore/pct.h"
#include "sim/explore/portfolio.h"
#include "sim/explore/pos.h"
#include "sim/explore/surw.h"

namespace sim {

bool sampler::begin() {
    stream_.reseed(seed_ ^ (++executions_ * 0xd1342543de82ef95ULL));
    begin_sample();
    return true;
}

bool concerns_nobody(const operation& op) {
    return use_of(op) == operation_use::none && op.cpu == 0;
}

bool is_sampler(const std::string& name) {
    return name == "pct" || name == "pos" || name == "surw" || name == "portfolio";
}

std::string describe_sampler(const std::string& name, uint64_t seed, uint32_t depth) {
    return name == "pct" ? fmt::format("pct, depth {}, seed {}", depth, seed)
                         : fmt::format("{}, seed {}", name, seed);
}

std::unique_ptr<sampler> make_sampler_or_null(const std::string& name, uint64_t seed,
                                              uint32_t depth) {
    if (name == "pct") {
        return std::make_unique<pct_strategy>(seed, depth);
    }
    if (name == "pos") {
        return std::make_unique<pos_strategy>(seed);
    }
    if (name == "surw") {
        return std::make_unique<surw_strategy>(seed);
    }
    if (name == "portfolio") {
        return std::make_unique<portfolio_strategy>(seed);
    }
    return nullptr;
}

}  // namespace sim
