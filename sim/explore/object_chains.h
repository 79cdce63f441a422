// object_chains.h - for each object the events that used it, latest first.
// Source:  ours. A hash table of granules whose heads are put back when events are taken off again.
// Shapes:  granules of 8 bytes; an operation is in the chain of each it touches and in that of its
//          second object, and of the CPU that it takes or gives up. Depths as in event_log.h.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/machine/operation.h"

namespace sim {

class object_chains {
  public:
    object_chains();
    [[nodiscard]] size_t size() const { return events_.size(); }
    // The next event, with the next depth.
    void push(const operation& op);
    void cut(size_t depth);

    // The granules that an operation touches, one after the other.
    static constexpr uint64_t granule_of(uint64_t object) { return object >> 3; }
    static uint64_t last_granule(const operation& op) {
        return (op.object + (op.size == 0 ? 0 : op.size - 1)) >> 3;
    }
    static bool one_granule(const operation& op) {
        return op.object2 == 0 && last_granule(op) == granule_of(op.object);
    }

    // The latest event in the chain of a granule, -1: none.
    [[nodiscard]] int32_t latest(uint64_t granule) const;
    // The one before `depth` in the same chain.
    [[nodiscard]] int32_t earlier(int32_t depth, uint64_t granule) const;
    // An await has used the granule: a later write need not depend on all before it.
    [[nodiscard]] bool awaited() const { return awaits_ != 0; }

  private:
    struct slot {
        uint64_t key = 0;  // granule + 1; 0: free
        int32_t head = -1;
    };
    struct link {
        uint64_t granule;
        uint32_t slot;
        int32_t earlier;
    };
    uint32_t slot_of(uint64_t granule);
    void add(uint64_t granule, int32_t depth);
    void grow();

    struct event {
        uint32_t first_link;
        bool is_await;
    };

    std::vector<slot> slots_;
    size_t used_ = 0;
    std::vector<link> links_;
    std::vector<event> events_;  // by depth
    uint32_t awaits_ = 0;
};

}  // namespace sim
