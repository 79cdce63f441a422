// What a step costs under each sampler, on a small, a middle and a long subject.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "sim/explore/random.h"
#include "sim/explore/sampler.h"
#include "test/bench/measure.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

struct sampled {
    const char* subject;
    const char* title;
    uint64_t executions;
};

std::unique_ptr<sim::strategy> make(const std::string& name) {
    if (name == "random") {
        return std::make_unique<sim::random_strategy>(7);
    }
    return sim::make_sampler_or_null(name, 7, sim::pct_depth_default);
}

}  // namespace

void sampler_rows() {
    title("samplers: a step, executions begun and ended included; bare");
    const sampled subjects[] = {
        {"inc_rmw_2_8", "inc_rmw(2,8), 17 steps", 100000},
        {"inc_rmw_2_100", "inc_rmw(2,100), 201 steps", 10000},
        {"inc_rmw_2_5000", "inc_rmw(2,5000), 10,001 steps", 200},
    };
    for (const sampled& p : subjects) {
        double of_random = 0;
        for (const char* name : {"random", "pct", "pos", "surw", "portfolio"}) {
            const double ns = median([&p, name] {
                const auto s = make(name);
                const cost c = run(p.subject, *s, false, p.executions);
                return c.seconds * 1e9 / static_cast<double>(c.steps);
            });
            of_random = of_random == 0 ? ns : of_random;
            row(fmt::format("{}, {}", p.title, name), "bare", ns,
                fmt::format("{:.2f} x random", ns / of_random), 0);
        }
    }
}

}  // namespace bench
