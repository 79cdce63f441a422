#include "sim/explore/unended.h"

#include <fmt/format.h>

#include "sim/explore/replay.h"
#include "sim/machine/loops.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

// Runs choices again and writes down the steps from some one on.
class end_watcher final : public strategy {
  public:
    end_watcher(const recorded_choices& choices, uint32_t from) : again_(choices), from_(from) {}
    bool begin() override { return again_.begin(); }
    uint8_t choose(const choice_view& view) override {
        const uint8_t next = again_.choose(view);
        if (view.step >= from_) {
            host_scope host;
            const context& c = view.contexts[next];
            seen_.push_back(sight_of(c));
        }
        return next;
    }
    uint32_t pick(const choice_view& view, uint32_t n) override { return again_.pick(view, n); }
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] const std::vector<sight>& seen() const { return seen_; }

  private:
    replay_strategy again_;
    uint32_t from_;
    std::vector<sight> seen_;
};

std::string what_repeats(simulation& subject, const recorded_choices& choices) {
    visible_use(choices.visible);
    end_watcher watcher(choices, end_watch_begins(subject.options().limits.steps_max));
    watcher.begin();
    subject.run(watcher);
    const std::vector<repeated_sight> repeated = what_repeats(watcher.seen());
    return repeated.empty()
               ? fmt::format(
                     "no operation of its last {} steps comes twice: it is long, but nothing "
                     "goes round",
                     watcher.seen().size())
               : fmt::format("at the end of one of them {}", text_of(repeated));
}

}  // namespace

std::vector<std::string> describe_unended(simulation& subject, const explore_result& r) {
    std::vector<std::string> lines;
    if (r.unaccounted != 0) {
        const bool one = r.unaccounted == 1;
        lines.push_back(fmt::format(
            "{} execution{} given up in which a context spins on a CPU that it shares: whether "
            "others show what it would have seen is not known; -p K follows {}",
            r.unaccounted, one ? " was" : "s were", one ? "it" : "them"));
    }
    if (r.step_bounds == 0) {
        return lines;
    }
    lines.push_back(
        fmt::format("{} of {} executions did not end within {} steps; --steps N allows more",
                    r.step_bounds, r.executions, subject.options().limits.steps_max));
    if (!r.unended.choices.empty()) {
        lines.push_back(what_repeats(subject, r.unended.choices));
    }
    return lines;
}

}  // namespace sim
