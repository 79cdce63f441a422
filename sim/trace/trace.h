// trace.h - one execution as data: what every context did, in order, and what was found.
// Source:  JSON Lines, one object a line; the first line is the header and names the schema version.
// Shapes:  steps count from 1 and are dense; contexts and CPUs are indices into the header's lists;
//          stacks are innermost frame first; times are virtual nanoseconds.
// Locks:   none; plain values.
// Errors:  reading returns a message with the line number; an unknown version is refused.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

inline constexpr int trace_version = 2;  // what is read may be of version 1, too

// A place in the subject's source. `line` 0: unknown.
struct trace_frame {
    std::string function;
    std::string file;
    uint32_t line = 0;
    bool operator==(const trace_frame&) const = default;
};

// The CPU of the context that runs alone, before and after the race: none of those that are counted.
inline constexpr uint32_t trace_alone_cpu = 63;
// Detail of a step that has to wait, and has only seen that.
inline constexpr const char* tried_in_vain = "in vain";

struct trace_context {
    std::string name;      // "net0", "adm", "smr", "main", "thread 1"
    uint32_t cpu = 0;      // the CPU it runs on
    bool service = false;  // may be blocked when an execution is over (softnet, smr, ...)
    bool operator==(const trace_context&) const = default;
};

struct trace_header {
    std::string subject;             // "forward.race" or "prog.so"
    std::string variant;             // "fixed", "late_wait", ... or "program"
    std::string strategy;            // "replay", "random seed 7", ...
    std::string token;               // replays this execution
    std::vector<std::string> drift;  // what of the token is not where it was, a line a choice
    uint32_t cpus = 0;
    std::vector<trace_context> contexts;
    bool operator==(const trace_header&) const = default;
};

// One line of a trace. Kinds of steps (they have a step number): "start", "load", "store", "rmw",
// "cas", "fence", "lock", "trylock", "unlock", "rdlock", "wrlock", "cond_wait", "cond_resume",
// "signal", "broadcast", "sem_wait", "sem_post", "create", "join", "exit", "await", "futex_wait",
// "futex_wake", "sleep", "yield", "dispatch", "give_up", "choose", "section", "advance", ... A view must show a kind that it
// does not know by its name. Kinds of remarks (they belong to the step before them and change no
// schedule): "enter", "leave", "state", "note", "packet", "fate", "command", "blocked", "alloc", "free".
struct trace_event {
    uint32_t step = 0;  // the step, or for a remark the step that it belongs to
    bool remark = false;
    uint32_t context = 0;
    std::string kind;
    std::string object;  // stable name: "ifnet vlan7+24", "conf_lock", "heap net0#3+8", "x"
    std::string detail;  // "1 -> 2", "held by adm", "LIVE -> DYING", "read 0"
    std::string order;   // memory order as the code states it, "" where there is none
    std::vector<trace_frame> stack;
    std::vector<uint32_t> after;    // steps of other contexts that directly happen before this one
    std::vector<uint32_t> enabled;  // contexts that could have run instead (steps only)
    uint32_t from =
        0;  // by a memory model, of a read: the step that wrote what it took; 0: before the race
    bool stale =
        false;  // it read, or wrote, behind another write that had come to be the last by then
    bool preemption = false;  // the context before it was left although it could go on
    uint64_t time_ns = 0;     // virtual clock
    uint32_t packet = 0;      // of a packet or its fate: its number in the scenario; 0: it has none
    std::string bytes;        // of that packet, as it is here: not text
    bool operator==(const trace_event&) const = default;
};

// Evidence that belongs to a finding: where the memory was freed, the other access of a race, ...
struct trace_evidence {
    std::string label;  // "freed", "allocated", "other access", "waits for", "holder"
    uint32_t step = 0;  // 0: before the race (set-up)
    uint32_t context = 0;
    std::string text;  // one line for people
    std::vector<trace_frame> stack;
    bool operator==(const trace_evidence&) const = default;
};

struct trace_finding {
    std::string kind;     // "use after free", "data race", "deadlock", ... (sim/check/finding.h)
    std::string message;  // one line for people: what, of which object, by whom
    uint32_t step = 0;    // 0: at the end of the execution
    uint32_t context = 0;
    std::vector<trace_frame> stack;
    std::vector<trace_evidence> evidence;
    bool operator==(const trace_finding&) const = default;
};

struct trace {
    trace_header header;
    std::vector<trace_event> events;  // in order of the interleaving
    std::vector<trace_finding> findings;
    bool operator==(const trace&) const = default;
};

// Two digits a byte, as the file has them.
std::string to_hex(std::string_view bytes);

// Writes the trace: a header line, a line per event, a line per finding. The same trace gives the
// same bytes.
void write_trace(const trace& t, std::ostream& out);

// Reads what write_trace wrote. On failure returns false and sets `error` to "line N: what".
[[nodiscard]] bool read_trace(std::istream& in, trace& t, std::string& error);

}  // namespace sim
