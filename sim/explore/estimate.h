// estimate.h - how large an exploration is, judged from the part of its tree that is done.
// Source:  weighted backtrack estimation (exploration.md D8): a finished execution weighs the product of
//          1 / children over the choices on its path, and what was done weighs less when a choice on the
//          way to it gains a child. The strategy says the sum (strategy::share_done); executions / sum is
//          then a guess at their number.
// Shapes:  a guess, which is wrong by a factor of several where parts of the tree differ.
//          Partial-order reduction finds children late, so the guess grows as a rule: what is shown is an
//          interval, from its spread in the recent past and, where it grows, as much growth again.
// Locks:   none; no clock: rates are the caller's business.
// Errors:  none. Nothing is said before the first executions_ignored executions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sim {

class size_estimate {
  public:
    static constexpr uint64_t executions_ignored = 32;

    // So many executions are done, which are this share (0 to 1) of the tree as it is known now.
    void add(uint64_t executions, double share);
    // Begins anew: another round, another tree.
    void clear() { *this = size_estimate(); }

    [[nodiscard]] bool known() const { return count_ != 0; }
    // Executions altogether: the lowest and the highest that the recent past suggests.
    [[nodiscard]] double total_low() const;
    [[nodiscard]] double total_high() const;
    // The share that is done, by the same.
    [[nodiscard]] double share_low() const { return done() / total_high(); }
    [[nodiscard]] double share_high() const { return done() / total_low(); }
    // The highest share that was said to be done, where less is now: more was found to explore.
    [[nodiscard]] double share_lost() const { return lost_ ? highest_ : 0; }

  private:
    struct sample {
        uint64_t executions = 0;
        double total = 0;
    };
    // A sample each time the executions have grown by a 32nd: all of them span a factor of seven.
    static constexpr size_t samples_max = 64;
    static constexpr uint64_t sample_each = 32;

    [[nodiscard]] double done() const { return static_cast<double>(last_.executions); }
    [[nodiscard]] const sample& at(size_t age) const {
        return samples_[(count_ - 1 - age) % samples_max];
    }
    [[nodiscard]] size_t recent() const;

    std::array<sample, samples_max> samples_{};
    size_t count_ = 0;  // of all that were taken
    sample last_;
    double highest_ = 0;
    bool lost_ = false;
};

}  // namespace sim
