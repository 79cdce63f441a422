// interest.h - which objects contexts dispute, and how often each context uses each of them.
// Source:  Zhao, Wolff, Mathur, Roychoudhury, ASPLOS 2025 (what SURW learns before it begins).
// Shapes:  counts are means over the executions learned from, rounded up: who used an object once counts
//          once. Releasing a lock does not count: who takes it next is what can differ.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/explore/random.h"
#include "sim/machine/operation.h"

namespace sim {

// Whether the order of this operation and others on its object can matter at all.
bool countable(const operation& op);

class interest_table {
  public:
    void clear();
    // An operation that is being performed.
    void note(const operation& op, uint8_t context);
    // Ends an execution: what was noted is learned, or forgotten.
    void learn();
    void forget() { noted_.clear(); }

    // An object that two contexts use and one writes, as likely as it is used often; 0: there is none.
    uint64_t draw(random_stream& stream) const;
    [[nodiscard]] uint32_t count(uint64_t object, uint8_t context) const;
    [[nodiscard]] size_t disputed() const;

  private:
    struct use {
        uint64_t object;
        uint8_t context;
        bool write;
    };
    struct record {
        uint64_t users = 0;
        uint64_t total = 0;
        bool written = false;
        std::vector<uint64_t> by_context;
        [[nodiscard]] bool disputed() const { return written && (users & (users - 1)) != 0; }
    };
    std::vector<use> noted_;
    std::map<uint64_t, record> objects_;
    uint64_t learned_ = 0;
};

}  // namespace sim
