// conflicts.h - which objects two contexts were ever seen to use with one of them writing.
// Source:  own argument in bounded.h: preempting before an operation on any other object is useless.
// Shapes:  keyed by granules of 8 bytes, over all executions of an exploration.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/machine/operation.h"

namespace sim {

class conflict_table {
  public:
    conflict_table() : slots_(1024) {}
    // Remembers a performed operation. True if its object has just become one of conflict.
    bool add(const operation& op, uint8_t context);
    [[nodiscard]] bool contains(const operation& op) const;
    [[nodiscard]] size_t conflicting() const { return conflicting_; }

  private:
    struct slot {
        uint64_t key = 0;  // granule + 1, 0: free
        uint64_t readers = 0;
        uint64_t writers = 0;
        bool conflict = false;
    };
    slot& find(uint64_t granule);
    [[nodiscard]] const slot* find_or_null(uint64_t granule) const;
    [[nodiscard]] bool conflicts_at(uint64_t object) const;
    bool add_object(uint64_t object, uint32_t size, bool write, uint8_t context);
    void grow();

    std::vector<slot> slots_;
    size_t used_ = 0;
    size_t conflicting_ = 0;
};

}  // namespace sim
