#include "sim/explore/unended.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/check/describe.h"
#include "sim/explore/replay.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

constexpr size_t window_max = 2000;  // steps at the end that are looked at
constexpr size_t places_said_max = 8;

// A step of the end, as far as steps of a loop are alike: not by the object, which may be another each time.
struct sight {
    uint8_t context = 0;
    op_kind kind = op_kind::none;
    std::string where;
    uint64_t object = 0;
    [[nodiscard]] bool like(const sight& s) const {
        return context == s.context && kind == s.kind && where == s.where;
    }
};

// "first (stuck.c:92)": the innermost function of the subject's own text.
std::string own_place(const std::vector<trace_frame>& stack) {
    for (const trace_frame& f : stack) {
        if (is_own(f)) {
            return f.line != 0 ? fmt::format("{} ({}:{})", f.function, f.file, f.line) : f.function;
        }
    }
    return "";
}

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
            seen_.push_back({next, c.op.kind, own_place(call_stack(c, c.op.pc)), c.op.object});
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

// After how many steps the end is like itself, twice at least; 0: it is not.
size_t period_of(const std::vector<sight>& all) {
    for (size_t period = 1; period * 2 <= all.size(); ++period) {
        size_t i = all.size() - period;
        while (i-- != 0 && all[i].like(all[i + period])) {
        }
        if (i == ~size_t{0}) {
            return period;
        }
    }
    return 0;
}

// A place and how often it was come to; the object, as long as it is the same.
struct place {
    sight at;
    size_t times = 0;
    bool one_object = true;
};

// Those of the last `n` steps, in their order.
std::vector<place> places_in(const std::vector<sight>& all, size_t n) {
    std::vector<place> places;
    for (size_t i = all.size() - n; i < all.size(); ++i) {
        const auto at = std::find_if(places.begin(), places.end(),
                                     [&](const place& p) { return p.at.like(all[i]); });
        if (at == places.end()) {
            places.push_back({all[i], 1});
        } else {
            ++at->times;
            at->one_object &= at->at.object == all[i].object;
        }
    }
    return places;
}

// "main on cpu0 repeats load flag in first (loop.c:7), store n in first (loop.c:8); t1 ..."
std::string text_of(const std::vector<place>& places) {
    std::map<uint8_t, std::string> of;
    size_t said = 0;
    for (const place& p : places) {
        if (++said > places_said_max) {
            continue;
        }
        std::string& text = of[p.at.context];
        text += text.empty() ? fmt::format("{} on cpu{} repeats ", name_of_context(p.at.context),
                                           g.contexts[p.at.context].cpu)
                             : ", ";
        text += name_of(p.at.kind);
        const std::string object = p.one_object ? describe_address(p.at.object) : "";
        text += object.empty() ? "" : " " + object;
        text += p.at.where.empty() ? "" : " in " + p.at.where;
    }
    std::string text;
    for (const auto& [context, one] : of) {
        text += (text.empty() ? "" : "; ") + one;
    }
    return said > places_said_max ? fmt::format("{}; {} more places", text, said - places_said_max)
                                  : text;
}

std::string what_repeats(simulation& subject, const recorded_choices& choices) {
    const uint32_t steps = subject.options().limits.steps_max;
    const auto window = static_cast<uint32_t>(std::min<size_t>(window_max, steps / 2));
    visible_use(choices.visible);
    end_watcher watcher(choices, steps - window);
    watcher.begin();
    subject.run(watcher);
    const std::vector<sight>& end = watcher.seen();
    const size_t period = period_of(end);
    std::vector<place> places = places_in(end, period != 0 ? period : end.size());
    if (period == 0) {
        places.erase(std::remove_if(places.begin(), places.end(),
                                    [](const place& p) { return p.times == 1; }),
                     places.end());
    }
    if (places.empty()) {
        return fmt::format(
            "no operation of its last {} steps comes twice: it is long, but nothing "
            "goes round",
            end.size());
    }
    return fmt::format("at the end of one of them {}", text_of(places));
}

}  // namespace

std::vector<std::string> describe_unended(simulation& subject, const explore_result& r) {
    if (r.step_bounds == 0) {
        return {};
    }
    std::vector<std::string> lines = {
        fmt::format("{} of {} executions did not end within {} steps; --steps N allows more",
                    r.step_bounds, r.executions, subject.options().limits.steps_max)};
    if (!r.unended.choices.empty()) {
        lines.push_back(what_repeats(subject, r.unended.choices));
    }
    return lines;
}

}  // namespace sim
