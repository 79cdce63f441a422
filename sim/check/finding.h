// finding.h - a verdict of a checker, with the evidence known at that moment.
// Source:  design section 4: a closed list of kinds; a finding is data.
// Shapes:  places are return addresses into the subject; steps count from 1, 0 is before the race.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/finding_kinds.h"

namespace sim {

const char* name_of(finding_kind kind);  // "use after free", "data race", ...

// A finding after which going on has no meaning ends the execution.
bool ends_execution(finding_kind kind);

// What led to a finding, while a schedule is replayed with everything written down.
struct finding_evidence {
    const char* label = "";
    std::string text;  // after the label: "entered by net0"; its place is added
    uint8_t context = 0;
    uint32_t step = 0;            // 0: before the race
    std::vector<uint64_t> calls;  // return addresses, innermost first
};
// Somebody waits for good: it happens at no place, and its text says who waits where.
inline bool is_of_liveness(finding_kind kind) {
    return kind == finding_kind::deadlock || kind == finding_kind::livelock ||
           kind == finding_kind::lost_wakeup;
}

struct finding {
    finding_kind kind = finding_kind::crash;
    uint8_t context = 0;
    uint8_t other_context = 0xff;  // data race: who made the other access
    uint8_t size = 0;              // of the access
    bool write = false;
    bool other_write = false;
    uint32_t step = 0;
    uint64_t pc = 0;        // where it happened
    uint64_t address = 0;   // of what
    uint64_t other_pc = 0;  // data race: the other access; memory: where it was freed
    std::string text;       // what people read after the kind, may be empty
    std::vector<finding_evidence> evidence = {};

    // Findings with the same kind and places are one.
    [[nodiscard]] bool same_as(const finding& f) const {
        return kind == f.kind && pc == f.pc && other_pc == f.other_pc &&
               (!is_of_liveness(kind) || text == f.text);
    }
};

// Records a finding of the current context; does not return if it ends the execution.
void report(finding f);

}  // namespace sim
