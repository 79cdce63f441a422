// What a second process brings: the same exploration by one and by two, in turns.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "test/bench/measure.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

constexpr int turns = 2;

struct costs {
    double wall_seconds = 1e9;  // the quickest
    double processor_seconds = 1e9;
};

void explore(const std::string& name, const std::vector<std::string>& how, const char* jobs,
             costs& least) {
    std::vector<std::string> words = {HEDDLE_COMMAND, "explore", subject(name), "-j", jobs};
    words.insert(words.end(), how.begin(), how.end());
    const command_cost c = run_command(words, 1);
    least.wall_seconds = std::min(least.wall_seconds, c.wall_seconds);
    least.processor_seconds = std::min(least.processor_seconds, c.processor_seconds);
}

}  // namespace

// Wall time says what is gained, if nobody else has use for the second core; processor time, what sharing the
// work costs.
void worker_rows() {
    title("one process and two, all checkers");
    struct row {
        const char* name;
        std::vector<std::string> how;
    };
    for (const auto& [name, how] :
         {row{"inc_ldst_6_1", {}}, row{"lastzero_15_1", {}}, row{"readers_17_1", {}},
          row{"inc_ldst_6_1", {"--memory", "c11"}}}) {
        costs one;
        costs two;
        for (int i = 0; i < turns; ++i) {
            explore(name, how, "1", one);
            explore(name, how, "2", two);
        }
        fmt::print(
            "{:<20} {:<6} {:>6.2f} s and {:>6.2f} s of wall time, {:.2f} times as fast; "
            "{:.2f} times the processor time\n",
            name, how.empty() ? "" : "graphs", one.wall_seconds, two.wall_seconds,
            one.wall_seconds / two.wall_seconds, two.processor_seconds / one.processor_seconds);
    }
}

}  // namespace bench
