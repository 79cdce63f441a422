#include "sim/explore/inflection.h"

#include "sim/explore/exhaustive.h"
#include "sim/explore/random.h"
#include "sim/explore/replay.h"

namespace sim {

namespace {

constexpr uint32_t samples_first = 20;
constexpr uint32_t samples_more = 200;

class continuations {
  public:
    continuations(evidence_pool& pool, const recorded_choices& choices, uint64_t steps_max)
        : pool_(pool), choices_(choices), steps_max_(steps_max) {}

    // Whether all that can follow the step fails.
    bool all_fail(uint32_t step, inflection& found) {
        replay_strategy usual({});
        random_strategy random(step + 1);
        inflection here{step, true, 0};
        if (passes(usual, step, 1, here) || passes(random, step, samples_first, here)) {
            return false;
        }
        exhaustive_strategy every;
        continued_strategy all(choices_, every);
        all.continue_after(step);
        const evidence_pool::search r = pool_.run_all(all, steps_max_, true);
        if (r.passed) {
            return false;
        }
        here.decided = r.complete && !pool_.met_new_races();
        here.continuations = here.decided ? r.executions : here.continuations + r.executions;
        if (!here.decided && passes(random, step, samples_more, here)) {
            return false;
        }
        found = here;
        return true;
    }

  private:
    bool passes(strategy& tail, uint32_t step, uint32_t count, inflection& here) {
        continued_strategy s(choices_, tail);
        s.continue_after(step);
        for (uint32_t i = 0; i < count && !pool_.out_of_time(); ++i) {
            ++here.continuations;
            if (pool_.run_one(s) == evidence_pool::outcome::passes) {
                return true;
            }
        }
        return false;
    }

    evidence_pool& pool_;
    const recorded_choices& choices_;
    uint64_t steps_max_;
};

}  // namespace

inflection find_inflection(evidence_pool& pool, const recorded_choices& choices, uint32_t steps,
                           uint64_t steps_max) {
    // One search a halving.
    uint64_t halvings = 2;
    for (uint32_t n = steps; n > 1; n /= 2) {
        ++halvings;
    }
    continuations after(pool, choices, steps_max / halvings);
    inflection found{steps, true, 1};
    uint32_t averted = 0;  // below this some continuation passes
    while (averted < found.step) {
        const uint32_t middle = averted + (found.step - averted) / 2;
        if (!after.all_fail(middle, found)) {
            averted = middle + 1;
        }
    }
    return found;
}

}  // namespace sim
