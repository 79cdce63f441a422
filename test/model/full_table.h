// full_table.h - sets of prefixes as a router without a default route has them.
// Source:  ours; the lengths are about those of the public BGP tables of the last years (three fifths are /24).
// Shapes:  distinct, in random order; the same for the same seed. Networks lie close to each other in some places and
//          far in others: the first bits are drawn from few.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "model/net/route.h"
#include "test/model/together.h"

namespace model_test {

struct table_prefix {
    uint32_t key;
    uint8_t plen;
};

inline uint8_t full_table_length(random_numbers& random) {
    // Of a thousand; longer ones than /24 are a router's own.
    static constexpr std::pair<uint8_t, unsigned> lengths[] = {
        {24, 600}, {22, 112}, {23, 100}, {21, 50}, {20, 45}, {19, 26}, {18, 15},
        {16, 14},  {17, 9},   {32, 9},   {30, 4},  {15, 3},  {14, 3},  {28, 3},
        {13, 2},   {12, 2},   {29, 1},   {11, 1},  {8, 1}};
    unsigned n = random.below(1000);
    for (const auto& [length, share] : lengths) {
        if (n < share) {
            return length;
        }
        n -= share;
    }
    return 24;
}

// An address in the space that the prefixes are from: the first byte is one of 200, half of all are in 40 of them.
inline uint32_t full_table_address(random_numbers& random) {
    const uint32_t first = random.below(2) == 0 ? 1 + random.below(200) : 64 + random.below(40);
    return first << 24 | (random.next() & 0xffffff);
}

inline std::vector<table_prefix> full_table(size_t count, uint64_t seed) {
    random_numbers random(seed);
    std::set<std::pair<uint32_t, uint8_t>> seen;
    std::vector<table_prefix> prefixes;
    while (prefixes.size() < count) {
        const uint8_t plen = full_table_length(random);
        const uint32_t key = full_table_address(random) & model::net::plen_to_mask(plen);
        if (seen.insert({key, plen}).second) {
            prefixes.push_back({key, plen});
        }
    }
    return prefixes;
}

}  // namespace model_test
