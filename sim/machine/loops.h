// loops.h - places at which loops go round: how they are named, and which there are at the end of an execution
//           that the step bound cuts.
// Source:  ours. A loop that is not pure (spin.h) shows only by coming to the same places again and again.
// Shapes:  a site is a return address into the subject's own text: that of an operation or, where the operation
//          is performed in a library's header, of the call that leads there. 0: there is none.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// Where a context is about to perform its operation.
uint64_t site_of(const context& c);
// Where it is, if the machine was called from there.
uint64_t site_of(const context& c, uint64_t pc);
// "take (prog.c:12)"; "" for none.
std::string place_of_site(uint64_t site);
// "take (prog.c:12 to 15)", a function each.
std::vector<std::string> describe_sites(const std::vector<uint64_t>& sites);

// A step, as far as steps of a loop are alike: not by the object, which may be another each time.
struct sight {
    uint64_t site = 0;
    uint64_t object = 0;
    uint8_t context = 0;
    op_kind kind = op_kind::none;
    [[nodiscard]] bool like(const sight& s) const {
        return site == s.site && context == s.context && kind == s.kind;
    }
};
// A context's next step.
sight sight_of(const context& c);

// Steps that are alike and how often they were taken; the object, as long as it is the same.
struct repeated_sight {
    sight at;
    size_t times = 0;
    bool one_object = true;
};
// What is taken more than once at the end: of one turn if the end goes round, else of all that is given.
std::vector<repeated_sight> what_repeats(const std::vector<sight>& end);
// "main on cpu0 repeats load flag in first (loop.c:7), store n in first (loop.c:8); t1 on cpu1 ..."
std::string text_of(const std::vector<repeated_sight>& repeated);

// The last steps before the bound are looked at: from here on each is told.
inline constexpr uint32_t end_watched_max = 2000;
uint32_t end_watch_begins(uint32_t steps_max);
extern bool end_watched;
void end_watch(bool on);
void end_watch_step(const context& c);
// After an execution that was watched up to the bound: its sites, which become visible (visible.h) with what
// else was found. Those that are known already are none.
void end_watch_learn();

}  // namespace sim
