// story.h - a trace as the rows that a reader sees: what matters in full, the rest folded.
// Shapes:  rows in the order of the interleaving; a fold stands for the steps it hides; together
//          the rows cover every step exactly once.
// Locks:   none; pure function of the trace and the options.
// Errors:  none; a trace without events gives no rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

inline constexpr uint32_t no_context = UINT32_MAX;
inline constexpr uint32_t no_row = UINT32_MAX;

enum class row_kind : uint8_t {
    step,     // one step, with the changes that belong to it
    call,     // a function is entered
    remark,   // a packet, a command, a note
    blocked,  // the context waits
    fold,     // several steps in one row
    finding,  // what a checker found, after the step at which it did
};

// The part of a fold that one context has.
struct fold_part {
    uint32_t context = 0;
    uint32_t steps = 0;
    std::string function;  // the innermost call that all of them share, may be empty
};

struct story_row {
    row_kind kind = row_kind::step;
    uint32_t first_step = 0;            // 0: belongs to set-up or to the end
    uint32_t last_step = 0;             // fold: the last one hidden
    uint32_t context = 0;               // fold: the first one hidden
    uint32_t depth = 0;                 // calls around it that have rows of their own
    std::string function;               // in which it happens, may be empty
    bool new_function = false;          // its context's row before is in another function
    std::string text;                   // what happens
    std::vector<std::string> changes;   // beside it: "ifnet em1 LIVE -> DYING"
    std::vector<std::string> evidence;  // labels of the evidence that names this step: "freed"
    bool at_finding = false;            // a finding names this step
    std::vector<fold_part> parts;       // fold only
    uint32_t preempted = no_context;    // the context that was preempted just before this row
    uint32_t event = 0;                 // index of the event (fold: the first); not for a finding
    uint32_t finding = 0;               // index of the finding; only for a finding
};

struct story {
    std::vector<story_row> rows;
    std::vector<uint32_t>
        row_of_step;                 // index of the row that shows or hides each step; [0] unused
    std::vector<uint32_t> contexts;  // those that do anything, by CPU, then by index
    uint32_t steps = 0;
    uint32_t preemptions = 0;
};

struct story_options {
    uint32_t rows_max = 0;      // 0: no limit, nothing is folded
    bool calls = true;          // rows for calls
    uint32_t findings_max = 3;  // the others are left to the list of findings
    plumbing_files plumbing = {"kern/"};
};

// Chooses the rows. Steps that a finding or its evidence names are always shown, so more rows than
// rows_max come out if there is no room for them.
story tell(const sim::trace& t, const story_options& options);

// The row that the evidence is about: its step, or where its context waits after that step.
uint32_t evidence_row(const story& s, const sim::trace_evidence& evidence);

}  // namespace viz
