// fair.h - fair scheduling, where executions would not end without it: at a place where a loop goes round a
//          context goes on after some rounds only when nobody else can.
// Source:  exploration.md D7; Musuvathi and Qadeer, Fair stateless model checking, PLDI 2008, for the idea that
//          only fair executions need an end. The rule here is another: it must be one that equivalent
//          executions share, or searches up to equivalence would not work.
//
//          The sites are learned: those at which the end of an execution goes round that the step bound cuts
//          (loops.h); then exploration begins anew. A context may come to each of them `fair_rounds` times;
//          the next time it waits there. That depends on what it has done itself and on nobody else, so
//          it is the same in all equivalent executions. When nobody else can go on, time to pass included,
//          there is a rest: a barrier, as time passing is one, behind which those who wait go on and all
//          count from zero. At the first two rests all go on; from the third on one at a time, in turns,
//          and each comes to wait one place further than the last time, so that what it holds while it
//          waits is not always the same.
//
//          At each rest the state is compared with those of the rests before (digest.h). If it is one of
//          them, the subject can do for ever what it did in between. If whoever could have taken a step in
//          between has taken one, no fair scheduler gets it out of there: a livelock. If not, it was
//          unfair to somebody, and all that is possible from here was possible from there: the execution
//          is given up, and says nothing. What repeats but for a counter runs into the step bound.
//
//          What is lost: executions in which a context goes round more often than that while somebody
//          else could go on. So this is the last resort, and a proof says that it assumes it.
// Shapes:  contexts by number. A mask has a bit a context.
// Locks:   none.
// Errors:  none. In doubt two states differ: after a look at the clock, and where the subject calls functions
//          whose writes nobody sees.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/digest.h"
#include "sim/machine/machine.h"

namespace sim {

inline constexpr unsigned fair_rounds = 2;
inline constexpr unsigned fair_rests_for_all = 2;

// Sites are in use (visible.h): return addresses. Between two executions.
extern bool fair_on;
void fair_use(std::vector<uint64_t> sites);
// What a proof assumes by them, a line each; none without sites.
std::vector<std::string> fair_assumptions();

// Those who wait for a rest, whatever g.enabled says of them.
uint64_t fair_waiting();
// The current context has come to its next operation.
void fair_arrived(const context& c);
// It was chosen out of these.
void fair_chosen(const context& c, uint64_t possible);
// It has looked at the clock.
void fair_saw_time();

// At the end of hooks that may have called much.
inline void fair_blank_below() {
    if (__builtin_expect(fair_on, 0)) {
        digest_blank_below();
    }
}

// Nobody can go on. True: it is the turn of those who wait, and not of the time; there must be a rest.
bool fair_wants_rest(bool time_can_pass);
// There is to be one, as soon as all contexts are switched out.
bool fair_rest_due();
// Those who wait go on, or g.end says why the execution is over.
void fair_rest();
// It was a livelock.
bool fair_livelock();
// What a context did in its round: "t1 on cpu1 repeats load flag in first (loop.c:7)"; "": nothing.
std::string fair_repeats(unsigned context);

// For snapshots, by level. The root's is an execution that has not begun.
void fair_save(unsigned level);
void fair_restore(unsigned level);

}  // namespace sim
