// interpose.h - how a symbol of libc is taken over, and when it falls through.
// Source:  design section 1; ELF symbol interposition: the executable comes first.
// Shapes:  definitions are given the public name by an asm label, so that the system's own declaration
//          (with its exception specification) does not get in the way.
// Locks:   none.
// Errors:  a missing libc symbol is our own bug.
#pragma once

#include <dlfcn.h>

#include <cstdint>

#include "sim/machine/access.h"
#include "sim/machine/machine.h"
#include "sim/machine/memory.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

// Defines the exported function `name`; inside, HEDDLE_REAL(name) is libc's own.
#define HEDDLE_INTERPOSE(result, name, parameters)    \
    extern "C" __attribute__((visibility("default"))) \
    result heddle_entry_##name parameters asm(#name); \
    extern "C" result heddle_entry_##name parameters

#define HEDDLE_REAL(name) (::sim::real_function<decltype(&heddle_entry_##name)>(#name))
// The pointer is looked up once per call site.
#define HEDDLE_FALL_THROUGH(name, ...)                    \
    do {                                                  \
        static const auto real_entry = HEDDLE_REAL(name); \
        return real_entry(__VA_ARGS__);                   \
    } while (0)

#define HEDDLE_CALLER reinterpret_cast<uint64_t>(__builtin_return_address(0))

namespace sim {

template <typename F>
F real_function(const char* name) {
    void* p = dlsym(RTLD_NEXT, name);
    HEDDLE_ASSERT(p != nullptr);
    return reinterpret_cast<F>(p);
}

// A simulated context calls, and the object is the subject's.
inline bool simulated() {
    return g.current != nullptr && g.in_subject;
}
inline bool simulated(const void* object) {
    return simulated() && in_region(object);
}

// The machine's view of a subject's synchronisation object; everything written is undone by restore.
template <typename T>
T& object_view(void* p, uint64_t pc) {
    machine_access(p, sizeof(T), pc);
    return *static_cast<T*>(p);
}

inline uint64_t address_of(const void* p) {
    return reinterpret_cast<uint64_t>(p);
}

}  // namespace sim
