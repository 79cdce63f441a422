// Time to finish: every interleaving that differs by more than the order of independent steps, beside
// what the peers take.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/machine/spin.h"
#include "test/bench/measure.h"
#include "test/bench/peers.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

constexpr double mib_max = 32;
constexpr double enough_seconds = 0.1;  // the clock of processor time may tick in milliseconds
constexpr double comparable = 0.001;    // peers that explore for less are not compared with

// Seconds of one exploration: the mean of as many as take long enough.
double explored_seconds(const program_row& p, bool checkers) {
    return median([&p, checkers] {
        sim::simulation machine(options(checkers));
        sim::spin_looks = false;  // loops are unrolled, as by the peers
        load(machine, p.subject);
        unsigned explorations = 0;
        double seconds = 0;
        const double begin = processor_seconds();
        do {
            sim::optimal_strategy s;
            const sim::explore_result r = sim::explore(machine, s, {});
            if (!r.complete || r.executions != p.traces) {
                cannot_measure(
                    fmt::format("{} has {} traces, not {}", p.subject, r.executions, p.traces));
            }
            ++explorations;
            seconds = processor_seconds() - begin;
        } while (seconds < enough_seconds);
        return seconds / explorations;
    });
}

std::string milliseconds(double seconds) {
    return seconds < 0       ? "-"
           : seconds < 0.001 ? fmt::format("{:.3f}", seconds * 1e3)
           : seconds < 0.1   ? fmt::format("{:.1f}", seconds * 1e3)
                             : fmt::format("{:.0f}", seconds * 1e3);
}

// Whether we are ahead of everybody: with our checkers on, from process start of those that are measured
// so, exploration of the others.
bool ahead(const program_row& p, double explored, double from_start) {
    const auto beats = [](double ours, double peer, double least) {
        return peer < least || ours < peer;
    };
    return beats(from_start, p.genmc, 0) && beats(from_start, p.nidhugg, 0) &&
           beats(explored, p.loom, comparable) && beats(explored, p.relacy, comparable) &&
           beats(explored, p.shuttle, comparable);
}

void finish_row(const program_row& p) {
    const double bare = explored_seconds(p, false);
    const double checked = explored_seconds(p, true);
    const command_cost command = run_command({HEDDLE_COMMAND, "explore", subject(p.subject)});
    fmt::print("{:<14} {:>7} {:>9} {:>9} {:>9} {:>5.1f} | {:>6} {:>7} | {:>6} {:>6} {:>7} | {}",
               p.subject, p.traces, milliseconds(bare), milliseconds(checked),
               milliseconds(command.processor_seconds), command.mib, milliseconds(p.genmc),
               milliseconds(p.nidhugg), milliseconds(p.loom), milliseconds(p.relacy),
               milliseconds(p.shuttle),
               judged("ahead of all", ahead(p, checked, command.processor_seconds)));
    if (p.goal_ms > 0) {
        const double goal = scaled(p.goal_ms);
        fmt::print("; {}", judged(fmt::format("{:.1f} and {:.1f} ms", goal, 3 * goal),
                                  bare * 1e3 <= goal && checked * 1e3 <= 3 * goal));
    }
    if (command.mib > mib_max) {
        fmt::print("; {}", judged(fmt::format("{:.0f} MiB", mib_max), false));
    }
    fmt::print("\n");
}

}  // namespace

void finish_rows() {
    title(
        "time to finish, milliseconds of processor time: exploration bare and with all checkers, "
        "the\n"
        "   command `heddle explore` from process start with all checkers, its peak MiB; then the "
        "peers:\n"
        "   GenMC and Nidhugg from process start, the others exploration alone");
    fmt::print("{:<14} {:>7} {:>9} {:>9} {:>9} {:>5} | {:>6} {:>7} | {:>6} {:>6} {:>7} |\n",
               "program", "traces", "bare", "checkers", "command", "MiB", "GenMC", "Nidhugg",
               "loom", "Relacy", "shuttle");
    for (const program_row& p : program_table) {
        finish_row(p);
    }
}

}  // namespace bench
