// call_sites.h - where calls came from and texts of the subject, as numbers that checkers can keep in journals.
// Source:  ours.
// Shapes:  a call site is return addresses, innermost first; its number and that of a text belong to this
//          process. Both are kept for good: there are few that differ.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// The calls that the context is in; `pc` is where it is.
uint32_t calls_here(const context& c, uint64_t pc);
const std::vector<uint64_t>& calls_of(uint32_t number);

uint32_t number_of_text(const char* text);  // null is ""
const std::string& text_of(uint32_t number);

uint64_t mixed(uint64_t hash, uint64_t word);

// What was seen before, by hash; only grows.
class seen_hashes {
  public:
    // True if it was not there.
    bool add(uint64_t hash);

  private:
    std::vector<uint64_t> slots_ = std::vector<uint64_t>(256, 0);
    size_t used_ = 0;
};

// Texts and evidence are for people, and cost more than all the rest: they are made while a schedule is replayed, and
// in set-up, which is not run again.
inline bool evidence_wanted() {
    return g.record != nullptr || !g.choosing;
}

// What a checker noted of a moment: who, when, where.
struct moment {
    uint64_t pc = 0;
    uint32_t step = 0;
    uint32_t calls = 0;
    uint8_t context = 0;
};
// Its calls are known only where evidence is wanted: what an exploration keeps is the place.
moment now_in(const context& c, uint64_t pc);
moment now_with_calls(const context& c, uint64_t pc);
// "entered by net0 on cpu0"; its place is added when it is shown.
finding_evidence evidence_of(const char* label, const moment& m);
// "net0 on cpu0"
std::string name_with_cpu(unsigned context);

}  // namespace sim
