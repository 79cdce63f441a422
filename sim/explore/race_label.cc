#include "sim/explore/race_label.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/explore/replay.h"
#include "sim/machine/digest.h"
#include "sim/machine/memory.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

// One step, and what was drawn in it.
struct turn {
    operation op;  // of a turn that was taken
    uint8_t context = 0;
    std::vector<uint8_t> drawn;
};

std::vector<turn> turns_of(const recorded_choices& choices) {
    std::vector<turn> turns;
    for (uint8_t choice : choices) {
        if ((choice & choice_is_data) == 0) {
            turns.push_back({{}, choice, {}});
        } else if (!turns.empty()) {
            turns.back().drawn.push_back(choice);
        }
    }
    return turns;
}

bool touches(const operation& op, uint64_t address) {
    return address - op.object < std::max<uint64_t>(op.size, 1);
}

// What both orders have in common.
class ordered_run : public strategy {
  public:
    explicit ordered_run(const finding& race) : race_(race) {}

    bool begin() override { return true; }
    uint8_t choose(const choice_view& view) override {
        host_scope host;
        see_race();
        const uint8_t next = next_of(view);
        taken_.push_back({view.contexts[next].op, next, {}});
        return next;
    }
    uint32_t pick(const choice_view&, uint32_t n) override {
        host_scope host;
        const uint32_t wanted =
            drawn_.empty() ? 0 : static_cast<uint32_t>(drawn_.front() & ~choice_is_data);
        if (!drawn_.empty()) {
            drawn_.erase(drawn_.begin());
        }
        const uint32_t one = wanted < n ? wanted : 0;
        if (!taken_.empty()) {
            taken_.back().drawn.push_back(static_cast<uint8_t>(one | choice_is_data));
        }
        return one;
    }
    [[nodiscard]] bool wants_forced() const override { return true; }
    void end(execution_end) override { see_race(); }

    [[nodiscard]] const std::vector<turn>& taken() const { return taken_; }
    // The turn in which the race was found; as many as there are: not at all.
    [[nodiscard]] size_t raced_at() const { return raced_at_; }

  protected:
    virtual uint8_t next_of(const choice_view& view) = 0;

    void draw(const turn& t) { drawn_ = t.drawn; }
    [[nodiscard]] const finding& race() const { return race_; }

  private:
    void see_race() {
        if (raced_at_ != none || taken_.empty()) {
            return;
        }
        const bool found = std::any_of(g.findings.begin(), g.findings.end(),
                                       [&](const finding& f) { return f.same_as(race_); });
        raced_at_ = found ? taken_.size() - 1 : none;
    }

    static constexpr size_t none = ~size_t{0};
    finding race_;
    std::vector<turn> taken_;
    std::vector<uint8_t> drawn_;
    size_t raced_at_ = none;
};

// As it was found. Scheduling points that were none then are passed at once.
class first_order final : public ordered_run {
  public:
    first_order(const finding& race, const recorded_choices& choices, bool was_visible)
        : ordered_run(race), turns_(turns_of(choices)), was_visible_(was_visible) {}

  protected:
    uint8_t next_of(const choice_view& view) override {
        for (uint64_t rest = was_visible_ ? 0 : view.enabled; rest != 0; rest &= rest - 1) {
            const auto id = static_cast<uint8_t>(__builtin_ctzll(rest));
            const operation& op = view.contexts[id].op;
            if (op.order == plain_order && touches(op, race().address)) {
                return id;
            }
        }
        while (at_ < turns_.size()) {
            const turn& t = turns_[at_++];
            if ((view.enabled >> t.context & 1) != 0) {
                draw(t);
                return t.context;
            }
        }
        return default_choice(view);
    }

  private:
    std::vector<turn> turns_;
    size_t at_ = 0;
    bool was_visible_;
};

// Who made the first access waits before it until the other has made its own.
class second_order final : public ordered_run {
  public:
    second_order(const finding& race, const std::vector<turn>& turns, size_t first, size_t second)
        : ordered_run(race), left_(turns), first_(first), held_(turns[first].context) {
        const operation& op = turns[second].op;
        wanted_pc_ = op.pc;
        wanted_ = turns[second].context;
    }
    [[nodiscard]] bool turned_round() const { return turned_round_; }

  protected:
    uint8_t next_of(const choice_view& view) override {
        const bool holding = !turned_round_ && taken().size() >= first_;
        const uint64_t allowed = holding ? view.enabled & ~(1ULL << held_) : view.enabled;
        if (allowed == 0) {
            return choose_stop_here(view);
        }
        uint8_t next = static_cast<uint8_t>(__builtin_ctzll(allowed));
        const auto t = std::find_if(left_.begin(), left_.end(), [allowed](const turn& one) {
            return (allowed >> one.context & 1) != 0;
        });
        if (t != left_.end()) {
            next = t->context;
            draw(*t);
            left_.erase(t);
        } else if ((allowed >> view.current & 1) != 0 && view.current_enabled) {
            next = view.current;
        }
        const operation& op = view.contexts[next].op;
        if (holding && next == wanted_ && op.pc == wanted_pc_ && touches(op, race().address)) {
            turned_round_ = true;
        }
        return next;
    }

  private:
    // It can only go on as it did: the one that was to come first is waited for.
    uint8_t choose_stop_here(const choice_view& view) {
        first_ = ~size_t{0};
        return default_choice(view);
    }

    std::vector<turn> left_;
    size_t first_;
    uint8_t held_;
    uint8_t wanted_ = 0;
    uint64_t wanted_pc_ = 0;
    bool turned_round_ = false;
};

struct outcome {
    execution_end end;
    std::vector<finding> others;
    digest state;
};

outcome outcome_of(simulation& subject, ordered_run& s, const std::function<void()>& before) {
    before();
    s.begin();
    outcome o;
    o.end = subject.run(s);
    s.end(o.end);
    digest_memory(o.state);
    for (unsigned slot = 0; slot < contexts_max; ++slot) {
        for (uint32_t i = 0; i < memory.count[slot]; ++i) {
            o.state.add(block_at(slot, i)->freed ? 1 : 0);
        }
    }
    if (o.end == execution_end::done) {
        subject.final_checks();
    }
    for (const finding& f : g.findings) {
        if (f.kind != finding_kind::data_race) {
            o.others.push_back(f);
        }
    }
    return o;
}

// One that the other outcome has not.
const finding* more_or_null(const outcome& a, const outcome& b) {
    for (const finding& f : a.others) {
        const bool known = std::any_of(b.others.begin(), b.others.end(),
                                       [&f](const finding& g) { return g.same_as(f); });
        if (!known) {
            return &f;
        }
    }
    return nullptr;
}

race_label compare(const outcome& as_found, const outcome& reverse) {
    if (const finding* f = more_or_null(as_found, reverse); f != nullptr) {
        return {race_effect::crashing,
                fmt::format("crashing: in this order {} follows", name_of(f->kind))};
    }
    if (const finding* f = more_or_null(reverse, as_found); f != nullptr) {
        return {race_effect::crashing,
                fmt::format("crashing: in the reverse order {} follows", name_of(f->kind))};
    }
    if (as_found.end != reverse.end || !(as_found.state == reverse.state)) {
        return {race_effect::state_changing,
                "state-changing: the two orders leave different memory behind"};
    }
    return {race_effect::harmless,
            "harmless in this schedule: both orders leave the same memory and the same findings"};
}

// The last turn before `second` that made the other access.
size_t first_access(const std::vector<turn>& turns, size_t second, const finding& race) {
    for (size_t i = second; i-- > 0;) {
        if (turns[i].context == race.other_context && turns[i].op.pc == race.other_pc &&
            touches(turns[i].op, race.address)) {
            return i;
        }
    }
    return turns.size();
}

race_label label_in_both(simulation& subject, const found_case& f, bool was_visible,
                         const std::function<void()>& before) {
    first_order found(f.what, f.choices, was_visible);
    const outcome as_found = outcome_of(subject, found, before);
    const size_t second = found.raced_at();
    if (second >= found.taken().size()) {
        return {};
    }
    const size_t first = first_access(found.taken(), second, f.what);
    if (first == found.taken().size()) {
        return {};
    }
    second_order other(f.what, found.taken(), first, second);
    const outcome reverse = outcome_of(subject, other, before);
    if (!other.turned_round()) {
        return {race_effect::one_order,
                "one order only: this schedule cannot be turned round, but nothing that "
                "synchronises sees to that"};
    }
    return compare(as_found, reverse);
}

}  // namespace

const char* name_of(race_effect effect) {
    constexpr const char* names[] = {"unknown", "harmless", "state-changing", "crashing",
                                     "one order"};
    return names[static_cast<size_t>(effect)];
}

race_label label_race(simulation& subject, const found_case& f,
                      const std::function<void()>& before_execution) {
    const uint32_t count = visible_count();
    const bool was_visible = visible_use_with(f.choices.visible, f.what.address - region_base);
    race_label label = label_in_both(subject, f, was_visible, before_execution);
    visible_use(0);
    visible_use(count);
    return label;
}

}  // namespace sim
