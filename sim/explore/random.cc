#include "sim/explore/random.h"

namespace sim {

void random_stream::reseed(uint64_t seed) {
    auto mix = [&seed] {
        seed += 0x9e3779b97f4a7c15ULL;
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    };
    a_ = mix();
    b_ = mix() | 1;
}

bool random_strategy::begin() {
    // Each execution has a stream of its own, so that it can be found again by its number.
    stream_.reseed(seed_ ^ (++executions_ * 0xd1342543de82ef95ULL));
    return true;
}

uint8_t random_strategy::choose(const choice_view& view) {
    uint64_t mask = view.enabled;
    // Few contexts are enabled as a rule: counting them so is faster than libgcc's population count.
    uint32_t count = 0;
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
        ++count;
    }
    for (uint32_t n = stream_.below(count); n != 0; --n) {
        mask &= mask - 1;
    }
    return static_cast<uint8_t>(__builtin_ctzll(mask));
}

uint32_t random_strategy::pick(const choice_view&, uint32_t n) {
    return stream_.below(n);
}

}  // namespace sim
