#include "sim/explore/evidence_pool.h"

#include "sim/explore/replay.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

replay_strategy& usual() {
    static replay_strategy s({});
    return s;
}

}  // namespace

evidence_pool::evidence_pool(simulation& subject, const failure_signature& failure,
                             uint32_t visible, const std::vector<place_order>& orders,
                             const work_limits& limits)
    : subject_(subject),
      failure_(failure),
      limits_(limits),
      orders_(orders.size()),
      watch_(orders, usual(), limits.before) {
    visible_use(visible);
    kept_by_failing_.set();
}

bool evidence_pool::met_new_races() const {
    return visible_pending();
}

evidence_pool::outcome evidence_pool::run_one(strategy& s) {
    watch_.ask(s);
    watch_.begin();
    return run();
}

evidence_pool::outcome evidence_pool::run() {
    const execution_end end = subject_.run(watch_);
    watch_.end(end);
    ++executions_;
    if (end == execution_end::pruned || end == execution_end::step_bound) {
        return outcome::unknown;
    }
    if (end == execution_end::done) {
        subject_.final_checks();
    }
    if (find_cause_or_null(failure_) != nullptr) {
        kept_by_failing_ &= watch_.kept();
        return outcome::fails;
    }
    ++passes_;
    passing_.insert(watch_.kept().to_string());
    return outcome::passes;
}

evidence_pool::search evidence_pool::run_all(strategy& s, uint64_t steps_max, bool stop_at_pass) {
    search r;
    bool all_ended = true;
    watch_.ask(s);
    for (uint64_t steps = 0; steps < steps_max && !out_of_time(); steps += g.steps + 1) {
        if (!watch_.begin()) {
            r.complete = all_ended;
            break;
        }
        const outcome o = run();
        ++r.executions;
        all_ended &= g.end != execution_end::step_bound;
        r.passed |= o == outcome::passes;
        r.failed |= o == outcome::fails;
        if (stop_at_pass && r.passed) {
            break;
        }
    }
    return r;
}

void continued_strategy::continue_after(size_t steps) {
    end_ = 0;
    for (size_t left = steps; end_ < choices_.size(); ++end_) {
        if ((choices_[end_] & choice_is_data) == 0 && left-- == 0) {
            break;
        }
    }
}

bool continued_strategy::begin() {
    at_ = 0;
    return tail_.begin();
}

uint8_t continued_strategy::choose(const choice_view& view) {
    if (at_ >= end_) {
        return tail_.choose(view);
    }
    const uint8_t next = choices_[at_++];
    return (view.enabled >> next & 1) != 0 ? next : choose_stop;
}

uint32_t continued_strategy::pick(const choice_view& view, uint32_t n) {
    return at_ >= end_ ? tail_.pick(view, n) : choices_[at_++] & ~uint32_t{choice_is_data};
}

}  // namespace sim
