// Numbers that a program asks the system for: a stream of its own for each context, the same in every
// execution and process. A stream that all shared would make who asks first matter, which is no operation.
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "sim/machine/access.h"
#include "sim/machine/interpose.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/system_calls.h"

namespace sim {

namespace {

uint64_t drawn[contexts_max];  // how many words each context has had; put back by restores

// The finaliser of splitmix64 over the context and how many it had.
uint64_t next_word() {
    const unsigned id = g.current->id;
    log_outside(address_of(&drawn[id]), sizeof drawn[id]);
    uint64_t x = (uint64_t{id} << 56 | ++drawn[id]) * 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

}  // namespace

void random_fill(void* to, size_t size, uint64_t pc) {
    access_range(to, size, true, pc);
    auto* bytes = static_cast<uint8_t*>(to);
    for (size_t at = 0; at < size; at += 8) {
        const uint64_t word = next_word();
        std::memcpy(bytes + at, &word, std::min<size_t>(8, size - at));
    }
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(ssize_t, getrandom, (void* to, size_t size, unsigned flags)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(getrandom, to, size, flags);
    }
    random_fill(to, size, HEDDLE_CALLER);
    return static_cast<ssize_t>(size);
}

HEDDLE_INTERPOSE(int, getentropy, (void* to, size_t size)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(getentropy, to, size);
    }
    if (size > 256) {
        errno = EIO;
        return -1;
    }
    random_fill(to, size, HEDDLE_CALLER);
    return 0;
}

HEDDLE_INTERPOSE(uint32_t, arc4random, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(arc4random);
    }
    return static_cast<uint32_t>(next_word());
}

HEDDLE_INTERPOSE(void, arc4random_buf, (void* to, size_t size)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(arc4random_buf, to, size);
    }
    random_fill(to, size, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(uint32_t, arc4random_uniform, (uint32_t bound)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(arc4random_uniform, bound);
    }
    return static_cast<uint32_t>((next_word() >> 32) * bound >> 32);
}

// std::random_device asks the processor, inside libstdc++. What set-up has made may be asked in the race.
HEDDLE_INTERPOSE(
    void, _ZNSt13random_device7_M_initERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE,
    (void* device, const void* name)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(
            _ZNSt13random_device7_M_initERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE,
            device, name);
    }
}

HEDDLE_INTERPOSE(void, _ZNSt13random_device7_M_finiEv, (void* device)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(_ZNSt13random_device7_M_finiEv, device);
    }
}

HEDDLE_INTERPOSE(uint32_t, _ZNSt13random_device9_M_getvalEv, (void* device)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(_ZNSt13random_device9_M_getvalEv, device);
    }
    return static_cast<uint32_t>(next_word());
}

HEDDLE_INTERPOSE(double, _ZNKSt13random_device13_M_getentropyEv, (const void* device)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(_ZNKSt13random_device13_M_getentropyEv, device);
    }
    return 32;  // bits, as where the processor answers
}
