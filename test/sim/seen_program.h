// seen_program.h - programs that are tables of operations and keep what each of their threads has seen; what
//                  all executions of one show, by one way to explore it or another.
// Source:  ours.
// Shapes:  the subject has `table`, `seen` (both threads by operations), `threads`, and a `main`; the CPUs and levels
//          of test/programs/places.h, if any are given.
// Locks:   none.
// Errors:  as child.h.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/dependence.h"
#include "test/sim/units.h"

namespace sim::test {

struct seen_operation {
    template <typename Kind>
    constexpr seen_operation(Kind k, int v) : kind(static_cast<int>(k)), value(v) {}
    int kind;
    int value;
};

struct seen_program {
    const char* subject = "";
    size_t operations_max = 0;  // of a thread, as in the subject
    std::vector<std::vector<seen_operation>> threads;
    std::vector<std::pair<const char*, int>> given = {};  // variables that are set before
    std::vector<const char*> shown = {};                  // variables that count as seen at the end
    std::vector<int> cpus = {};                           // of each thread; 0: one of its own
    std::vector<int> levels = {};                         // at which it interrupts its CPU; 0: not
};

// For messages.
std::string text_of(const seen_program& p);

struct seen_options {
    bool races = true;  // if one is found, everything begins anew
    bool wrong_results = false;
    const unit_order* units = nullptr;  // in units; then nothing of what was seen is told
};

struct seen_outcome {
    std::string seen;  // each once, sorted; then the kinds of what was found
    uint64_t executions = 0;
};

seen_outcome explore_seen(const seen_program& p, dependence_mode mode,
                          const seen_options& options = {});

class small_numbers;
// All threads on one CPU, or one beside it; the last interrupts it, and of three the second may as well. Others
// raise the level of the CPU for some of their operations, by the kinds of these names.
void add_interrupts(seen_program& p, small_numbers& numbers, int raise_kind, int restore_kind);

// Numbers for random programs: the same from the same seed everywhere.
class small_numbers {
  public:
    explicit small_numbers(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 7) {}
    // 0 to n - 1.
    int below(int n) {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<int>((state_ >> 33) % static_cast<uint64_t>(n));
    }

  private:
    uint64_t state_;
};

// More of them under HEDDLE_BUDGET=full.
int random_rounds();

}  // namespace sim::test
