// handoffs.h - which pairs of places in the code were seen to follow each other on one object.
// Source:  the coverage of concurrency fuzzers (exploration.md D4, feedback), with a fixed memory.
// Shapes:  pairs are kept as bits under their hash: two that share a bit count as one, so that what is
//          new may be overlooked when very much is old, but never comes up twice.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

class handoff_table {
  public:
    handoff_table() : seen_(bits / 64), last_(objects) {}
    // The operations of an execution, in their order. How many handoffs among them are new.
    uint32_t add(const std::vector<step_record>& history);

  private:
    static constexpr size_t bits = size_t{1} << 16;
    static constexpr size_t objects = size_t{1} << 10;  // remembered at once; a later one displaces
    struct access {
        uint64_t execution = 0;
        uint64_t object = 0;
        uint64_t pc = 0;
        uint8_t context = 0;
        bool write = false;
    };
    std::vector<uint64_t> seen_;
    std::vector<access> last_;
    uint64_t execution_ = 0;
};

}  // namespace sim
