// race.h - explores and replays what a `.race` file describes.
// Source:  design sections 4 and 6.
// Shapes:  every variant runs in a process of its own, since a subject lives at fixed addresses.
// Locks:   none.
// Errors:  of the user's text: rendered diagnostics in `error`, exit status 2.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "scenarios/runner/report.h"
#include "sim/check/check_bits.h"
#include "sim/trace/trace.h"

namespace scenario {

// The variant that patches of the request make. It is judged by what is expected of `fixed`, since who
// tries a patch wants to know whether the model is still right.
inline constexpr const char* patched_name = "patched";

struct explore_request {
    std::vector<std::string> variants;  // empty: all that the file expects something of
    std::vector<std::string> patches;   // not empty: the variant that they make, and no other
    std::string strategy;               // empty: what the file or the default says
    std::optional<uint32_t> preemptions;
    std::optional<uint32_t> delays;
    std::optional<uint32_t> reversals;  // of graph; not given: any number
    std::optional<uint64_t> executions;
    std::optional<uint64_t> seed;
    std::optional<uint32_t> depth;  // of pct
    uint32_t steps_max = 0;         // 0: default
    // Of optimal: events between two snapshots on the path, 0: none. Not given: as it pays.
    std::optional<size_t> checkpoint_gap;
    uint32_t checks = sim::check_all;  // which checkers look
    // What may go wrong beside the schedule: at most so many in an execution.
    uint32_t failed_allocations = 0;
    uint32_t spurious_wakeups = 0;
    uint32_t reused_blocks = 0;
    uint32_t early_timers = 0;
    uint32_t lost_packets = 0;
    std::string memory;  // a model by its name; empty: by interleaving
    bool plain_dependence = false;
    bool deep = false;
    bool compare_memory = false;
    // Processes that explore.
    uint32_t jobs = 1;
    std::optional<uint64_t> seconds;
    std::optional<uint64_t> memory_mib;
    std::string checkpoint;  // where; "": beside the caller, if it is stopped
    std::string resume;      // a checkpoint to go on from
    bool wrong_results = false;
    std::optional<uint64_t>
        tree_boxes;              // given: a picture of the tree is wanted, of so many (0: all)
    bool stop_at_first = false;  // programs; races decide by what is expected
};

// Told after every so many executions; false stops (Ctrl-C).
struct progress {
    std::string variant;
    std::string making;  // what of the variant's module is being made; "": it is explored
    uint64_t executions = 0;
    uint64_t findings = 0;
    int bound = -1;  // the round that is under way
    std::string bound_of = "preemption";
    double seconds = 0;
    // Of the state space, or of the round: what is done, and the seconds left; negative: not known yet.
    double share_low = -1;
    double share_high = -1;
    double share_lost = 0;  // so much had been said to be done before more was found to explore
    double left_low = -1;
    double left_high = -1;
};
using progress_observer = std::function<bool(const progress&)>;

// Reads and checks a `.race` file, names of the model included; as a variant's name says the values of its
// parameters, else for all of them, of which `s` has the first. False with rendered diagnostics.
[[nodiscard]] bool load_race(const std::string& path, script& s, std::string& error,
                             const std::string& variant = "");

report explore_race(const script& s, const explore_request& request,
                    const progress_observer& observer);

// Every variant under every regime that the file names, and without: the ladder.
report ladder(const script& s, const explore_request& request, const progress_observer& observer);

// Runs what a token names, everything written down. False with a message; `drift` says what of the
// token could not be followed, empty if all was.
[[nodiscard]] bool replay_race(const script& s, const explore_request& request,
                               const std::string& token, sim::trace& t, std::string& drift,
                               std::string& error);

}  // namespace scenario
