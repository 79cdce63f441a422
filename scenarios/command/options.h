// options.h - options that several verbs share.
// Source:  design section 7.
// Shapes:  plain values; request() makes what the runner wants of them.
// Locks:   none.
// Errors:  arguments.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/command/arguments.h"
#include "scenarios/command/terminal.h"
#include "scenarios/runner/race.h"

namespace scenario {

// How results are shown.
struct view_options {
    bool json = false;
    bool quiet = false;
    std::string color = "auto";
    std::optional<uint64_t> width;
    std::string report;  // a file for other tools: report_file.h

    void add_to(arguments& a, bool with_json = true);
    void add_report_to(arguments& a);
    [[nodiscard]] look out() const { return look_of(1, color, width); }
};

// What the machine checks and how it sees operations; also a replay must be told.
struct machine_options {
    std::vector<std::string> no_check;  // checkers that do not look
    std::string memory;
    std::string dependence = "refined";
    bool deep = false;
    bool compare = false;
    bool wrong_results = false;
    std::optional<uint64_t> steps;
    std::optional<uint64_t> failed_allocations;
    std::optional<uint64_t> spurious_wakeups;
    std::optional<uint64_t> reused_blocks;
    std::optional<uint64_t> early_timers;
    std::optional<uint64_t> lost_packets;
    std::vector<std::string> patches;

    void add_to(arguments& a);
    void fill(explore_request& request) const;
    // The options as they would be typed again, each with a blank before it.
    [[nodiscard]] std::string typed() const;
};

// Which executions are looked at.
struct search_options {
    std::vector<std::string> variants;
    std::string strategy;
    std::optional<uint64_t> preemptions;
    std::optional<uint64_t> delays;
    std::optional<uint64_t> reversals;
    std::optional<uint64_t> executions;
    std::optional<uint64_t> seed;
    std::optional<uint64_t> depth;
    bool first = false;
    std::optional<uint64_t> jobs;
    std::optional<uint64_t> seconds;
    std::optional<uint64_t> memory_mib;
    std::string checkpoint;
    std::string resume;

    void add_to(arguments& a);
    void fill(explore_request& request) const;
};

}  // namespace scenario
