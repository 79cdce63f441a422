// together.h - several threads at once, each on a CPU of its own.
// Locks:   none.
// Errors:  none.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "model/kern/cpu.h"

namespace model_test {

// Calls body(cpu) on CPUs first..first+count-1 at the same time; returns when all are done.
template <typename Body>
void together(unsigned first, unsigned count, const Body& body) {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < count; ++i) {
        threads.emplace_back([first, i, &body] {
            model::kern::cpu_attach(first + i);
            body(first + i);
        });
    }
    for (std::thread& t : threads) {
        t.join();
    }
}

// A generator of its own, so that a test does the same everywhere: xorshift of Marsaglia.
class random_numbers {
  public:
    explicit random_numbers(uint64_t seed) : state_(seed * 2 + 1) {}
    uint32_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>(state_ >> 16);
    }
    uint32_t below(uint32_t n) { return next() % n; }

  private:
    uint64_t state_;
};

}  // namespace model_test
