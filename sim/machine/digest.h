// digest.h - the state of the subject in 128 bits, to tell whether an execution has come back to it.
// Source:  ours.
// Shapes:  words in their order; what was written since the root snapshot and put back counts as unwritten.
// Locks:   none.
// Errors:  none. Two states are taken for one with a chance of 2^-128.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

class digest {
  public:
    void add(uint64_t word) {
        low_ = (low_ ^ word) * 0x9e3779b97f4a7c15ULL;
        low_ ^= low_ >> 32;
        high_ = (high_ + word) * 0xbf58476d1ce4e5b9ULL;
        high_ ^= high_ >> 29;
    }
    void add_bytes(const void* from, size_t size);
    bool operator==(const digest&) const = default;

  private:
    uint64_t low_ = 1;
    uint64_t high_ = 2;
};

// Where the subject's own code has left a context's stack and registers when it called what performs an
// operation. What the host keeps below is no state of the subject.
struct entry_state {
    uint64_t stack = 0;  // 0: not known
    uint64_t pc = 0;
    uint64_t registers[6] = {};  // that calls preserve
};
// Of the current context, by unwinding the host's frames.
entry_state entry_of_current();

// What the host's calls have left below the stack in use would show in the gaps of frames to come. To be called
// by hooks that may have called much, while states are compared.
void digest_blank_below();

// All that decides what the subject does from here on: its memory, the stacks and registers of its contexts,
// what they are about to do, who can go on, the clock. While all contexts are switched out. Whose entry is not
// known counts with the host's frames, which stay as they are as long as it does not go on.
digest digest_of_state(const std::vector<entry_state>& entries);
// The part of it that snapshots know: memory that is another than at the root snapshot.
void digest_memory(digest& to);

}  // namespace sim
