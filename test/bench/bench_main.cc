// What the simulator costs. `--quick` watches memory for less long; names of parts run only those.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "test/bench/measure.h"
#include "test/bench/rows.h"

int main(int argc, char** argv) {
    struct part {
        const char* name;
        std::function<void()> rows;
    };
    std::vector<std::string> asked(argv + 1, argv + argc);
    const bool quick = std::erase(asked, "--quick") != 0;
    const part parts[] = {
        {"machine", [quick] { bench::machine_rows(quick); }},
        {"finish", bench::finish_rows},
        {"rate", bench::rate_rows},
        {"workers", bench::worker_rows},
        {"samplers", bench::sampler_rows},
        {"shares", bench::share_rows},
    };
    for (const std::string& name : asked) {
        if (std::none_of(std::begin(parts), std::end(parts),
                         [&](const part& p) { return name == p.name; })) {
            fmt::print(stderr,
                       "there is no part '{}'; parts are machine, finish, rate, workers, samplers, "
                       "shares\n",
                       name);
            return 2;
        }
    }
    bench::raw_ns = bench::measure_raw_ns();
    fmt::print(
        "raw Boost.Context switch, 64 fibers: {:.2f} ns ({:.0f} M/s); recording off in all rows\n",
        bench::raw_ns, 1e3 / bench::raw_ns);
    for (const part& p : parts) {
        if (asked.empty() || std::find(asked.begin(), asked.end(), p.name) != asked.end()) {
            p.rows();
        }
    }
    return 0;
}
