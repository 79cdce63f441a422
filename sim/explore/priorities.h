// priorities.h - contexts in order of priority: random, but for those that were lowered.
// Source:  Burckhardt et al., ASPLOS 2010: n initial priorities above d-1 others that change points give.
// Shapes:  a list, highest first. Those that were never lowered stand before those that were; a context
//          that comes late is put at a random place among the first, so that every order of n is as
//          likely as another whenever they come.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/explore/random.h"

namespace sim {

class priority_list {
  public:
    void clear();
    [[nodiscard]] bool contains(uint8_t context) const { return (known_ >> context & 1) != 0; }
    void insert(uint8_t context, random_stream& stream);
    // Puts it among the lowered, above those of lower rank and below those of higher.
    void lower(uint8_t context, uint32_t rank);
    // The highest of these contexts, all of which must be known; the mask is not empty.
    [[nodiscard]] uint8_t highest(uint64_t contexts) const;
    [[nodiscard]] size_t size() const { return list_.size(); }

  private:
    struct entry {
        uint8_t context;
        uint32_t rank;
    };
    std::vector<entry> list_;
    size_t upper_ = 0;  // how many were never lowered
    uint64_t known_ = 0;
};

}  // namespace sim
