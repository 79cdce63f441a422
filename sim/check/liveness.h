// liveness.h - nobody can go on: who waits for whom, and whether a wake-up came too early.
// Source:  wait-for graphs as in Holt, Some deadlock properties of computer systems, 1972. A context waits for those
//          who hold what it needs. A cycle is a deadlock; who waits for somebody in it waits behind it. Who waits
//          for a signal waits for nobody in particular: it is a lost wakeup if a signal before it began to
//          wait met nobody, or only all the others, there was none since, and it would go on now (lost_wakeup.h). That the word of an
//          await held once is told beside the deadlock, while all is written down.
// Shapes:  wakes and waits of one execution in their order, which is the same in equivalent interleavings for each
//          object, since they are operations on it.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/machine/machine.h"
#include "sim/trace/trace.h"

namespace sim {

// The current context begins to wait for a wake-up of the object, or of this channel by its next await (0: not
// any more); and has woken so many who waited for one, or would have woken all that there were.
void liveness_waits(uint64_t object);
void liveness_waits_on(uint64_t channel);
void liveness_woke(uint64_t object, uint64_t waiters, bool all, uint64_t pc);
// The current context has passed its await; it has performed an operation, told while all is written down.
void liveness_awaited(const operation& op);
void liveness_stored(const operation& op);

// Nobody can go on, and there is no cycle: those whose last wake-up came before they began to wait for it.
uint64_t woken_too_early();
// The execution ended since nobody can go on. Of those woken too early some would go on, woken now: if so this is
// a lost wakeup.
void report_blocked_for_good(uint64_t would_go_on);

// Labels of evidence.
inline constexpr const char* evidence_repeats = "repeats";
inline constexpr const char* evidence_cycle = "the cycle";
inline constexpr const char* evidence_early = "too early";
inline constexpr const char* evidence_held = "held once";
inline constexpr const char* evidence_from = "woken from";

// What somebody waits for: the object in words, and who has it.
struct waited_for {
    std::string what;     // "conf_lock", "a signal on queue.cv", "the end of t1"
    uint64_t owners = 0;  // contexts; all of them must let go
    bool held = false;    // it is a lock, else what owners do
};
waited_for what_is_waited_for(const context& c);
// "conf_lock, held by adm", "ifrm", "a signal on queue.cv"
std::string what_it_waits_for(const context& c);

// Each context that can never go on, with where it is and what it waits for; before them those that go round
// for ever, with this label and all the places that they come to; before these the cycle, or the wake-ups that
// came too early.
std::vector<trace_evidence> describe_blocked();

}  // namespace sim
