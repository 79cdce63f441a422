#include "sim/explore/checkpoints.h"

#include <algorithm>

namespace sim {

namespace {

// Looks come at 64, 128, 256, ... executions and then so many apart. What an exploration is like changes on
// its way: at each look half of what was seen is forgotten.
constexpr uint64_t look_every = 1024;
// Costs in plain accesses, measured on small programs and on the forward race: a step beside its accesses;
// a snapshot with its restore, and what an execution from the root costs more, for each context.
constexpr uint64_t step_cost = 4;
constexpr uint64_t snapshot_cost = 16;
constexpr uint64_t context_cost = 12;

}  // namespace

void checkpoints::branch(size_t branch) {
    branch_ = branch;
    while (!made_.empty() && made_.back().depth > branch) {
        made_.pop_back();
    }
}

// So many events fit the buckets: two become one until they do.
void checkpoints::widen(size_t events) {
    for (; events >= buckets * width_; width_ *= 2) {
        for (size_t i = 0; i < buckets; ++i) {
            const bool low = 2 * i < buckets;
            branches_[i] = low ? branches_[2 * i] + branches_[2 * i + 1] : 0;
            passes_[i] = low ? passes_[2 * i] + (i == 0 ? 0 : passes_[2 * i - 1]) : 0;
        }
        passes_[buckets] = 0;
    }
}

void checkpoints::ended(size_t events, size_t steps_run, uint64_t accesses, unsigned contexts) {
    if (gap_ != automatic) {
        return;
    }
    widen(events);
    ++branches_[branch_ / width_];
    // New are the begins of buckets behind the branch.
    ++passes_[std::min(branch_ / width_ + 1, buckets)];
    --passes_[std::max(branch_, events) / width_ + 1];
    steps_run_ += steps_run;
    accesses_ += accesses;
    contexts_ += contexts;
    ++executions_;
    if (++ended_ == next_look_) {
        next_look_ += std::min(next_look_, look_every);
        choose_places();
        forget();
    }
}

void checkpoints::forget() {
    for (uint64_t& n : branches_) {
        n /= 2;
    }
    for (int64_t& n : passes_) {
        n /= 2;
    }
    for (uint64_t* n : {&steps_run_, &accesses_, &contexts_, &executions_}) {
        *n /= 2;
    }
}

// A snapshot at a depth costs something whenever an execution comes there anew. One that branches behind it
// runs the events in between again. The cheapest set of depths is found from the root down: `best` of a
// bucket is the least that all costs that are settled by a snapshot at its begin, the deepest so far.
void checkpoints::choose_places() {
    const uint64_t step = step_cost + accesses_ / (steps_run_ + 1);
    const uint64_t contexts = contexts_ / executions_;
    const uint64_t snapshot = snapshot_cost + context_cost * contexts;
    uint64_t count[buckets + 1] = {};   // branches before a bucket
    uint64_t moment[buckets + 1] = {};  // the same, by where they are
    for (size_t i = 0; i < buckets; ++i) {
        count[i + 1] = count[i] + branches_[i];
        moment[i + 1] = moment[i] + branches_[i] * (i * width_ + width_ / 2);
    }
    // What executions cost that branch in [from, to) and begin at `from`.
    const auto rerun = [&](size_t from, size_t to) {
        const uint64_t branches = count[to] - count[from];
        return (moment[to] - moment[from] - branches * from * width_) * step +
               (from == 0 ? branches * context_cost * contexts : 0);
    };
    uint64_t best[buckets + 1] = {};
    size_t before[buckets + 1] = {};
    int64_t passes = passes_[0];
    for (size_t to = 1; to <= buckets; ++to) {
        passes += passes_[to];
        best[to] = ~0ULL;
        for (size_t from = 0; from < to; ++from) {
            const uint64_t cost = best[from] + rerun(from, to);
            if (cost < best[to]) {
                best[to] = cost;
                before[to] = from;
            }
        }
        best[to] +=
            to == buckets ? 0 : static_cast<uint64_t>(std::max<int64_t>(passes, 0)) * snapshot;
    }
    places_.assign(buckets * width_, 0);
    for (size_t at = before[buckets]; at != 0; at = before[at]) {
        places_[at * width_] = 1;
    }
}

}  // namespace sim
