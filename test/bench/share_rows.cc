// Where the time of an exploration goes. The explorer's share by subtraction: the same executions are run
// again from lists of their choices, nobody being asked, with as much of each as the exploration ran. The
// subject's by sampling: a clock looks whether its code or the machine's is running. The rest is hooks,
// switches and restores.
#include <fmt/format.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

#include <string>
#include <vector>

#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/machine/layout.h"
#include "sim/machine/spin.h"
#include "test/bench/measure.h"
#include "test/bench/rows.h"

namespace bench {

namespace {

constexpr size_t executions_max = 20000;
constexpr double enough_seconds = 0.7;  // as many looks

using plan = std::vector<sim::planned_choice>;

// Follows choices and notes what each context was about to do then.
class noting_strategy final : public sim::strategy {
  public:
    noting_strategy(const std::vector<sim::recorded_choices>& lists, std::vector<plan>& plans)
        : lists_(lists), plans_(plans) {}
    bool begin() override {
        if (plans_.size() == lists_.size()) {
            return false;
        }
        plans_.emplace_back();
        return true;
    }
    uint8_t choose(const sim::choice_view& view) override {
        sim::host_scope host;
        const uint8_t context = lists_[plans_.size() - 1][plans_.back().size()];
        note(view.contexts[context], context);
        return context;
    }
    uint32_t pick(const sim::choice_view& view, uint32_t) override {
        const uint8_t choice = lists_[plans_.size() - 1][plans_.back().size()];
        note(view.contexts[view.current], choice);
        return choice & ~uint32_t{sim::choice_is_data};
    }
    [[nodiscard]] bool wants_forced() const override { return true; }

  private:
    void note(const sim::context& c, uint8_t choice) {
        plans_.back().push_back({c.op.object, c.op.kind, choice});
    }

    const std::vector<sim::recorded_choices>& lists_;
    std::vector<plan>& plans_;
};

// Runs executions that are planned from their first to their last step.
class planned_strategy final : public sim::strategy {
  public:
    explicit planned_strategy(const std::vector<plan>& plans) : plans_(plans) {}
    bool begin() override {
        if (next_ == plans_.size()) {
            return false;
        }
        const plan& p = plans_[next_++];
        sim::g.plan = p.data();
        sim::g.plan_end = p.data() + p.size();
        return true;
    }
    uint8_t choose(const sim::choice_view&) override { return sim::choose_stop; }
    uint32_t pick(const sim::choice_view&, uint32_t) override { return 0; }
    [[nodiscard]] bool wants_forced() const override { return true; }

  private:
    const std::vector<plan>& plans_;
    size_t next_ = 0;
};

volatile sig_atomic_t looks = 0;
volatile sig_atomic_t in_subject = 0;

void look(int, siginfo_t*, void* state) {
    const auto pc =
        static_cast<uint64_t>(static_cast<ucontext_t*>(state)->uc_mcontext.gregs[REG_RIP]);
    looks = looks + 1;
    in_subject = in_subject + (sim::in_region(pc) ? 1 : 0);
}

void look_every_millisecond(bool on) {
    struct sigaction action {};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    action.sa_sigaction = look;
    sigaction(SIGPROF, &action, nullptr);
    const timeval interval{0, on ? 1000 : 0};
    const itimerval timer{interval, interval};
    setitimer(ITIMER_PROF, &timer, nullptr);
}

// The explorer's share of an exploration, and the subject's.
std::vector<double> measure(const char* name, bool checkers) {
    sim::simulation machine(options(checkers));
    sim::spin_looks = false;
    load(machine, name);
    sim::explore_limits limits;
    limits.executions_max = executions_max;
    std::vector<sim::recorded_choices> lists;
    sim::optimal_strategy first(0);
    sim::explore(machine, first, limits, [&lists](sim::execution_end) {
        lists.push_back(sim::g.choices.recorded());
        return true;
    });
    std::vector<plan> plans;
    noting_strategy noting(lists, plans);
    sim::explore(machine, noting, {});

    double exploring = 0;
    double planned = 0;
    while (exploring < enough_seconds) {
        sim::optimal_strategy s(0);  // from the root, as what it is compared with
        double begin = processor_seconds();
        look_every_millisecond(true);
        sim::explore(machine, s, limits);
        look_every_millisecond(false);
        exploring += processor_seconds() - begin;
        planned_strategy again(plans);
        begin = processor_seconds();
        const sim::explore_result r = sim::explore(machine, again, {});
        planned += processor_seconds() - begin;
        if (r.executions != lists.size() || looks == 0) {
            cannot_measure("planned executions did not end as before");
        }
    }
    return {1 - planned / exploring, static_cast<double>(in_subject) / static_cast<double>(looks)};
}

}  // namespace

void share_rows() {
    title(
        "where the time of optimal exploration goes: explorer by subtraction, subject by sampling");
    for (const char* name : {"inc_rmw_2_8", "treiber_3_1", "readers_14_1", "mutex_7_1"}) {
        for (bool checkers : {false, true}) {
            const std::vector<double> m =
                in_child(2, [name, checkers] { return measure(name, checkers); });
            fmt::print(
                "{:<46} {:<13} explorer {:>3.0f} %, hooks and machine {:>3.0f} %, subject "
                "{:>3.0f} %\n",
                name, checkers ? "all checkers" : "bare", m[0] * 100, (1 - m[0] - m[1]) * 100,
                m[1] * 100);
        }
    }
}

}  // namespace bench
