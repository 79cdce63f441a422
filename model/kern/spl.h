// spl.h - interrupt priority levels: what may interrupt the CPU that the caller runs on.
// Source:  spl(9) of the BSDs. Natively nothing interrupts a thread so, and these do nothing.
// Shapes:  an interrupt of a level comes only while its CPU's level is below. The caller's CPU has
//          the level until it is put back; who sleeps lets interrupts in meanwhile.
// Locks:   none. Levels nest: what was raised last is put back first.
// Errors:  none.
#pragma once

#include "sim/annotate.h"

namespace model::kern {

enum ipl : unsigned {
    ipl_none = 0,       // threads
    ipl_softclock = 1,  // timers
    ipl_softnet = 2,    // packets that a task works on
    ipl_bio = 4,        // discs
    ipl_net = 5,        // network cards: what `interrupt on cpu N` is without a level
    ipl_clock = 6,      // the clock
    ipl_high = 7        // everything
};

// At least `level` from now on, never less than it is; the answer is for splx.
inline unsigned splraise(ipl level) {
    return heddle_raise_level(level);
}
inline void splx(unsigned level) {
    heddle_restore_level(level);
}

// Keeps every interrupt out of what a CPU does to its own cells.
class spl_high {
  public:
    spl_high() : was_(splraise(ipl_high)) {}
    ~spl_high() { splx(was_); }
    spl_high(const spl_high&) = delete;
    spl_high& operator=(const spl_high&) = delete;

  private:
    const unsigned was_;
};

}  // namespace model::kern
