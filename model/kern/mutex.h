// mutex.h - a mutex that must not be held across a sleep.
// Source:  mutex(9) of the BSDs; natively a std::mutex.
// Locks:   leaf locks: no rwlock is requested and nothing sleeps while one is held.
// Errors:  none.
#pragma once

#include <mutex>

#include "sim/annotate.h"

namespace model::kern {

struct mutex {
    std::mutex lock;
};

inline void mtx_enter(mutex& m) {
    m.lock.lock();
    heddle_enter(HEDDLE_MUTEX, &m, "");
}
inline void mtx_leave(mutex& m) {
    heddle_leave(HEDDLE_MUTEX, &m);
    m.lock.unlock();
}

}  // namespace model::kern
