#include "sim/explore/certify.h"

#include "sim/explore/bounded.h"
#include "sim/explore/explorer.h"

namespace sim {

namespace {

// A strategy before each of whose executions something is to be done.
class prepared final : public strategy {
  public:
    prepared(strategy& inner, const std::function<void()>& before)
        : inner_(inner), before_(before) {}
    bool begin() override {
        if (!inner_.begin()) {
            return false;
        }
        if (before_) {
            before_();
        }
        return true;
    }
    uint8_t choose(const choice_view& view) override { return inner_.choose(view); }
    uint32_t pick(const choice_view& view, uint32_t n) override { return inner_.pick(view, n); }
    void restart() override { inner_.restart(); }
    [[nodiscard]] bool wants_forced() const override { return inner_.wants_forced(); }
    [[nodiscard]] bool wants_pending() const override { return inner_.wants_pending(); }
    [[nodiscard]] bool wants_operations() const override { return inner_.wants_operations(); }
    void time_passes() override { inner_.time_passes(); }
    void end(execution_end why) override { inner_.end(why); }

  private:
    strategy& inner_;
    const std::function<void()>& before_;
};

}  // namespace

certificate search_below(simulation& subject, const failure_signature& failure,
                         uint32_t preemptions_max, const work_limits& limits) {
    certificate c;
    bounded_strategy bounded(preemptions_max);
    prepared s(bounded, limits.before);
    bool unended = false;
    const explore_result r = explore(subject, s, {}, [&](execution_end end) {
        c.steps += g.steps;
        ++c.executions;
        unended |= end == execution_end::step_bound;
        if (end != execution_end::pruned && find_or_null(failure) != nullptr) {
            c.found = true;
            c.choices = g.choices.recorded();
            c.preemptions = g.preemptions;
            return false;
        }
        return c.steps < limits.steps_max && !(limits.out_of_time && limits.out_of_time());
    });
    if (!unended) {
        c.complete_to = r.complete ? static_cast<int>(preemptions_max) : bounded.complete_to();
    }
    return c;
}

}  // namespace sim
