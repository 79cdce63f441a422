// mutex.h - a mutex that must not be held across a sleep, and keeps interrupts out while it is held.
// Source:  mutex(9) of the BSDs: mtx_init(9) takes the level; natively a std::mutex.
// Shapes:  the level is that of the highest interrupt that takes the mutex. One of a lower level would
//          let that interrupt in, which then waits for who cannot go on before it has ended.
// Locks:   [I] immutable  [M] this mutex. Leaf locks: no rwlock is requested and nothing sleeps while
//          one is held. Those that nest are left in the opposite order, so that levels nest.
// Errors:  none.
#pragma once

#include <mutex>

#include "model/kern/spl.h"

namespace model::kern {

struct mutex {
    explicit mutex(ipl wanted) : level(wanted) {}

    std::mutex lock;
    const ipl level;   // [I] the CPU's while it is held
    unsigned was = 0;  // [M] the CPU's before
};

inline void mtx_enter(mutex& m) {
    const unsigned was = splraise(m.level);
    m.lock.lock();
    m.was = was;
    heddle_enter(HEDDLE_MUTEX, &m, "");
}
inline void mtx_leave(mutex& m) {
    const unsigned was = m.was;
    heddle_leave(HEDDLE_MUTEX, &m);
    m.lock.unlock();
    splx(was);
}

}  // namespace model::kern
