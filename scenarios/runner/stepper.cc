#include "scenarios/runner/stepper.h"

#include <algorithm>

#include "scenarios/runner/schedule_block.h"
#include "scenarios/runner/step_points.h"
#include "sim/check/describe.h"
#include "sim/check/liveness.h"
#include "sim/explore/blocks.h"
#include "sim/explore/explorer.h"
#include "sim/explore/replay.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/visible.h"

namespace scenario {

// Follows what was chosen, makes its moves, and stops where the next choice is open.
class stepper::leader final : public sim::strategy {
  public:
    leader(const stepper& of, const moves& how) : of_(of), how_(how) {}
    bool begin() override { return true; }
    [[nodiscard]] bool wants_forced() const override { return true; }

    uint8_t choose(const sim::choice_view& view) override {
        if (at_ < of_.made_.size()) {
            const uint8_t next = of_.made_[at_];
            HEDDLE_ASSERT(next < sim::contexts_max && (view.enabled >> next & 1) != 0);
            return took(next);
        }
        const uint8_t usual = usual_step(view);
        const bool can = !how_.only || (view.enabled >> *how_.only & 1) != 0;
        if (how_.steps == 0 || !can) {
            asks = step_question::context;
            answer = usual;
            enabled = view.enabled;
            return sim::choose_stop;
        }
        --how_.steps;
        return took(how_.only.value_or(usual));
    }

    // In the middle of a step: nothing that owns memory may be on this stack when it is given up.
    uint32_t pick(const sim::choice_view& view, uint32_t n) override {
        if (at_ < of_.made_.size()) {
            const uint8_t taken = of_.made_[at_];
            HEDDLE_ASSERT((taken & sim::choice_is_data) != 0);
            return took(taken) & ~uint32_t{sim::choice_is_data};
        }
        const bool guided = guided_ && at_ < of_.guide_.size();
        const uint8_t usual = guided ? of_.guide_[at_] : uint8_t{sim::choice_is_data};
        if (how_.picks) {
            return took(usual) & ~uint32_t{sim::choice_is_data};
        }
        asks = step_question::data;
        answer = usual & ~unsigned{sim::choice_is_data};
        enabled = view.enabled;
        alternatives = n;
        chooser = sim::g.current->id;
        sim::end_execution(sim::execution_end::pruned);
    }

    step_question asks = step_question::nothing;
    uint8_t answer = 0;
    uint64_t enabled = 0;
    uint32_t alternatives = 0;
    uint8_t chooser = 0;

  private:
    [[nodiscard]] uint8_t usual_step(const sim::choice_view& view) const {
        return guided_ && at_ < of_.guide_.size() ? of_.guide_[at_] : sim::default_choice(view);
    }
    uint8_t took(uint8_t choice) {
        guided_ = guided_ && at_ < of_.guide_.size() && of_.guide_[at_] == choice;
        ++at_;
        return choice;
    }

    const stepper& of_;
    moves how_;
    size_t at_ = 0;
    bool guided_ = true;  // all choices so far were those of the token
};

namespace {

// A program's main does not return from its exit.
bool is_over_for(const sim::context& c, bool over) {
    return c.state == sim::context_state::done || (over && c.op.kind == sim::op_kind::process_exit);
}

step_context context_now(const sim::context& c, uint64_t enabled, bool over) {
    step_context s;
    s.id = c.id;
    s.name = sim::name_of_context(c.id);
    s.cpu = c.cpu;
    if (is_over_for(c, over)) {
        return s;
    }
    const bool can = (sim::g.enabled & c.bit) != 0;
    s.standing = (enabled & c.bit) != 0 ? step_standing::can_go_on
                 : can                  ? step_standing::waits_for_cpu
                                        : step_standing::blocked;
    s.kind = sim::name_of(c.op.kind);
    s.object = sim::describe_address(c.op.object);
    s.stack = sim::call_stack(c, c.op.pc);
    if (s.standing == step_standing::blocked) {
        s.waits_for = sim::what_it_waits_for(c);
    }
    return s;
}

std::vector<step_context> contexts_now(uint64_t enabled, bool over) {
    std::vector<step_context> all;
    for (unsigned i = 0; i < sim::g.context_count; ++i) {
        const sim::context& c = sim::g.contexts[i];
        if (c.state != sim::context_state::unused && c.cpu != sim::alone_cpu) {
            all.push_back(context_now(c, enabled, over));
        }
    }
    return all;
}

}  // namespace

void stepper::go(const moves& how) {
    leader by(*this, how);
    subject_.before_execution();
    state_ = {};
    state_.trace = sim::record(subject_.machine(), by, state_.end);
    made_ = sim::g.choices.recorded();
    state_.asks = by.asks;
    state_.step = sim::g.steps;
    state_.usual = by.answer;
    state_.alternatives = by.alternatives;
    state_.chooser = by.chooser;
    const bool over = by.asks == step_question::nothing;
    state_.contexts = contexts_now(over ? sim::g.enabled : by.enabled, over);
}

bool stepper::set_up(token_drift& drift, std::string& error) {
    if (!subject_.set_up(error)) {
        return false;
    }
    guide_ = subject_.run(drift);
    go({});
    return true;
}

void stepper::take(uint8_t answer) {
    made_.push_back(state_.asks == step_question::data
                        ? static_cast<uint8_t>(answer | sim::choice_is_data)
                        : answer);
    go({});
}

void stepper::forward(uint64_t steps) {
    go({steps, std::nullopt, false});
}

void stepper::finish() {
    go({~0ULL, std::nullopt, true});
}

void stepper::back(uint64_t choices) {
    made_.resize(made_.size() - std::min<uint64_t>(choices, made_.size()));
    go({});
}

void stepper::run_alone(uint8_t only) {
    go({~0ULL, only, false});
}

// The data choices that the last of them makes are part of it.
void stepper::keep_steps(uint32_t steps) {
    size_t i = 0;
    for (; i < made_.size(); ++i) {
        const bool data = (made_[i] & sim::choice_is_data) != 0;
        if (!data && steps-- == 0) {
            break;
        }
    }
    made_.resize(i);
}

bool stepper::run_until(std::optional<uint8_t> only, const std::vector<point>& until) {
    const step_state before = state_;
    const sim::recorded_choices made = made_;
    go({~0ULL, only, false});
    const std::optional<uint32_t> step = step_at(until, state_.trace, before.step, only);
    if (step && *step < state_.step) {
        keep_steps(*step);
        go({});
    } else if (!step && state_.asks != step_question::data) {
        made_ = made;
        state_ = before;
        return false;
    }
    return true;
}

std::string stepper::token() {
    return subject_.token_of(made_);
}

std::string stepper::schedule(const std::string& name, std::string& why) {
    if (source_.race == nullptr) {
        why = "a program has no schedules: its token says the same";
        return "";
    }
    sim::replay_strategy follower(made_);
    sim::trail_recorder run(follower, [this] { subject_.before_execution(); });
    run.begin();
    run.end(subject_.machine().run(run));
    HEDDLE_ASSERT(!follower.diverged());
    if (sim::visible_count() != 0) {
        why = "accesses that race are steps here, for which the language has no words";
    } else if (!run.picks().empty()) {
        why = "the language has no words for data choices";
    }
    return why.empty() ? schedule_block(name, run.steps()) : "";
}

}  // namespace scenario
