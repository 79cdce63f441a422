// report.h - what came out of exploring a race or a program, as data; one shape for both.
// Source:  design sections 4 (Verdicts) and 7 (JSON).
// Shapes:  a program is one variant named "program". Times are kept apart: everything else is the same
//          bytes on any day.
// Locks:   none; plain values.
// Errors:  what stopped a variant from being explored at all is in `error`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace scenario {

struct finding_report {
    std::string kind;     // "use after free"
    std::string where;    // "model/netinet/ip_output.cc:120 ip_output", or ""
    std::string message;  // one line for people
    std::string
        effect;  // of a data race: what its reverse order does (sim/explore/race_label.h), or ""
    std::string token;  // "": it is of no single execution (lock order)
    uint32_t preemptions = 0;
    uint32_t steps = 0;
    uint64_t executions = 0;  // in how many it was seen
    bool expected = false;    // some expectation of this variant asks for it
    bool operator==(const finding_report&) const = default;
};

// What the subject's text allows, each with its reason; it is no finding then.
struct allowed_report {
    std::string kind;
    std::string where;  // file:line of the annotation
    std::string reason;
    uint64_t executions = 0;  // in how many it was used
    bool operator==(const allowed_report&) const = default;
};

struct expectation_report {
    std::string text;  // as the file says it: "exists (em1 > P1)"
    std::string file;
    uint32_t line = 0;
    bool holds = false;
    bool proved = true;  // false: it held in all that was explored, which was not everything
    std::string detail;  // why not, or by which token it was seen
    bool operator==(const expectation_report&) const = default;
};

// What holds of every execution of fixed, by the file, and does not of this variant: its own file may well
// expect just that, so it is no failure.
struct broken_report {
    std::string text;
    std::string file;
    uint32_t line = 0;
    int preemptions = -1;  // the fewest; -1: not known, the strategy does not begin with the fewest
    std::string
        token;  // an execution that shows it, where the strategy runs the same one each time
    std::string detail;
    bool operator==(const broken_report&) const = default;
};

// The size of a context's part in the race, in visible operations of its first complete execution.
struct context_report {
    std::string name;
    uint32_t cpu = 0;
    uint32_t operations = 0;
    bool operator==(const context_report&) const = default;
};

struct variant_report {
    std::string name;      // "fixed", "late_wait", "late_wait under giant", "program"
    std::string verdict;   // "proved", "complete to 3 preemptions", "not refuted in N",
                           // "found", "infeasible", "inconclusive"
    std::string strategy;  // "bounded", "exhaustive", "random, seed 7", ...
    uint64_t executions = 0;
    uint64_t blocked = 0;    // given up by a sleep set
    uint64_t redundant = 0;  // showed a trace again; where a bound applies
    bool complete = false;
    int bound = -1;  // complete to so many preemptions or delays; -1: no bound applies
    std::string bound_of = "preemption";  // what is bounded: "preemption", "delay"
    std::vector<uint64_t> traces;         // within the bounds 0, 1, 2, ...
    std::vector<std::string> assumes;
    std::vector<finding_report> findings;
    std::vector<allowed_report> allowed;
    std::vector<expectation_report> expectations;
    std::vector<broken_report> broken;  // fewest preemptions first
    std::vector<context_report> contexts;
    uint64_t conflicting_objects = 0;  // objects that two contexts use and one writes
    bool as_expected = true;           // every expectation holds
    std::vector<std::string> notes;    // for people: why it is inconclusive, what cut it short
    bool internal_error = false;       // our own bug, or a subject that differs each time: status 4
    std::string error;                 // could not be explored: rendered text; exit status 2
    std::string tree;                  // of the choices, as Graphviz text, if it was asked for
    double seconds = 0;
    bool operator==(const variant_report&) const = default;
};

struct report {
    std::string scenario;  // name of the race or file name of the program
    std::vector<variant_report> variants;
    bool operator==(const report&) const = default;
};

// Which of two findings tells more of the cause: what happened to memory before what merely followed,
// what ended an execution before what was noted in passing; then the fewest preemptions, the fewest
// steps.
[[nodiscard]] bool tells_more(const finding_report& a, const finding_report& b);

// One JSON object a line, the last of "type":"result"; a line "type":"timing" before it.
std::string to_json(const report& r);
// A child process hands its report to its parent in this form.
std::string serialize(const variant_report& r);
[[nodiscard]] bool deserialize(const std::string& text, variant_report& r, std::string& error);

// 0 every expectation holds; 1 one failed; 2 the user's text is wrong; 3 inconclusive; 4 our own bug.
int exit_status(const report& r);

}  // namespace scenario
