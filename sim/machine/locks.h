// locks.h - what the machine keeps in the memory of a subject's mutex and reader/writer lock.
// Source:  design section 1 trap 6; lock state in the object's own memory is restored for nothing.
// Shapes:  all zero is unlocked, as the static initialisers make it. `kind` lies where glibc keeps it.
//          Masks have a bit a context.
// Locks:   none.
// Errors:  errno values as POSIX gives them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/machine/context.h"

namespace sim {

struct mutex_state {
    uint32_t owner;  // context id + 1
    uint32_t count;  // recursive
    uint64_t unused;
    int32_t kind;  // 0 normal, 1 recursive, 2 error checking
    uint32_t unused2;
    uint64_t pending;  // contexts whose pending operation takes it
};
static_assert(offsetof(mutex_state, kind) == 16 && sizeof(mutex_state) <= 40);

struct rwlock_state {
    uint32_t writer;  // context id + 1
    uint32_t unused;
    uint64_t readers;  // contexts that hold it shared
    uint64_t pending_readers;
    uint64_t pending_writers;
    uint64_t waiting_writers;  // those that announced themselves and keep new readers out
    uint64_t unused2;
    uint32_t flags;  // glibc: 2 prefers writers
    uint32_t unused3;
};
static_assert(offsetof(rwlock_state, flags) == 48 && sizeof(rwlock_state) <= 56);

inline constexpr uint64_t no_deadline = ~0ULL;

// What the lock lets in: bit 0 a reader, bit 1 a writer.
uint64_t rwlock_met(uint64_t lock);

// For the current context; pc is the call in the subject.
int mutex_lock(void* mutex, uint64_t deadline_ns, uint64_t pc);
int mutex_trylock(void* mutex, uint64_t pc);
int mutex_unlock(void* mutex, uint64_t pc);
// Halves of a condition wait.
void mutex_release_in_wait(void* mutex, uint64_t pc);
void mutex_want_after_wait(
    context& waiter);  // the waiter was woken: it may run once the mutex is free
void mutex_take_after_wait(void* mutex, uint64_t pc);

}  // namespace sim
