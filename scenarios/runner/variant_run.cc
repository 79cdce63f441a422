#include "scenarios/runner/variant_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "scenarios/runner/clauses.h"
#include "scenarios/runner/conditions.h"
#include "scenarios/runner/finding_text.h"
#include "scenarios/runner/script_points.h"
#include "scenarios/runner/stage.h"
#include "sim/check/describe.h"
#include "sim/dependence.h"
#include "sim/explore/bounded.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/explore/replay.h"
#include "sim/machine/module.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace scenario {

namespace {

constexpr uint32_t preemptions_default = 3;
constexpr uint64_t random_executions_default = 100000;

// What the request and the file together ask for.
struct plan {
    std::string strategy;
    uint32_t preemptions = preemptions_default;
    uint64_t executions = ~0ULL;
    uint64_t seed = 1;
    const schedule* prefix = nullptr;  // its runs come before the strategy
};

plan plan_of(const script& s, const explore_request& request) {
    plan p;
    p.strategy = "bounded";
    for (const schedule& one : s.schedules) {
        if (!one.explore) {
            continue;
        }
        const explore_clause& e = *one.explore;
        bool plain_dfs = e.strategy.text == "dfs" && !e.preemptions;
        p.strategy = plain_dfs ? "optimal" : e.strategy.text == "dfs" ? "bounded" : e.strategy.text;
        p.preemptions = static_cast<uint32_t>(e.preemptions.value_or(preemptions_default));
        p.executions = e.executions.value_or(~0ULL);
        p.seed = e.seed.value_or(1);
        p.prefix = one.runs.empty() ? nullptr : &one;
        break;
    }
    if (!request.strategy.empty()) {
        p.strategy = request.strategy == "dfs" ? "optimal" : request.strategy;
    }
    p.preemptions = request.preemptions.value_or(p.preemptions);
    p.seed = request.seed.value_or(p.seed);
    p.executions = request.executions.value_or(p.executions);
    if (p.strategy == "random" && p.executions == ~0ULL) {
        p.executions = random_executions_default;
    }
    return p;
}

std::unique_ptr<sim::strategy> strategy_of(const plan& p) {
    if (p.strategy == "random") {
        return std::make_unique<sim::random_strategy>(p.seed);
    }
    if (p.strategy == "optimal") {
        return std::make_unique<sim::optimal_strategy>();
    }
    if (p.strategy == "exhaustive") {
        return std::make_unique<sim::exhaustive_strategy>();
    }
    return std::make_unique<sim::bounded_strategy>(p.preemptions);
}

std::string text_of(const plan& p) {
    if (p.strategy == "random") {
        return fmt::format("random, seed {}", p.seed);
    }
    return p.strategy == "bounded" ? fmt::format("bounded, {} preemptions", p.preemptions)
                                   : p.strategy;
}

std::vector<std::string> assumptions(const explore_request& request, const script& s) {
    std::vector<std::string> list = {
        "memory is sequentially consistent", "freed memory is not used again",
        "allocation does not fail",          "no spurious wakeups",
        "time passes only when nobody can run"};
    size_t packets = 0;
    size_t commands = 0;
    for (const context& c : s.contexts) {
        for (const statement& line : c.statements) {
            packets += std::holds_alternative<injection>(line.action);
            commands += std::holds_alternative<command>(line.action);
        }
    }
    list.push_back(fmt::format("{} packet{} and {} command{} in the race", packets,
                               packets == 1 ? "" : "s", commands, commands == 1 ? "" : "s"));
    if (!request.race_checker) {
        list.emplace_back("data races were not looked for");
    }
    if (!request.memory_checker) {
        list.emplace_back("uses of freed memory were not looked for");
    }
    for (const std::string& name : sim::module_unseen_writers()) {
        list.push_back("writes of " + name + " are not seen by the checkers");
    }
    return list;
}

// Turns choices into a token by running them once more.
std::string token_of(sim::simulation& machine, stage& on, const script& s, const variant_choice& v,
                     const sim::recorded_choices& choices) {
    sim::token_writer writer(choices);
    writer.begin();
    on.forget();
    machine.run(writer);
    return sim::print_token({s.name.text, v.name(), writer.deviations(), writer.visible()});
}

finding_report finding_of(sim::simulation& machine, stage& on, const script& s,
                          const variant_choice& v, const sim::found_case& f,
                          const clause_set& clauses) {
    finding_report r;
    r.kind = sim::name_of(f.what.kind);
    r.preemptions = f.preemptions;
    r.steps = static_cast<uint32_t>(f.choices.size());
    r.executions = f.executions;
    r.expected = clauses.expects_bug(bug_word(f.what.kind));
    on.forget();
    sim::execution_end end{};
    bool diverged = false;
    sim::trace t = sim::replay(machine, f.choices, end, diverged);
    HEDDLE_ASSERT(!diverged);
    describe_finding(t, f.what, r);
    r.token = token_of(machine, on, s, v, f.choices);
    return r;
}

// How many operations each context of the race performs, in the execution that has just ended.
void count_operations(const script& s, variant_report& r) {
    std::vector<uint32_t> operations(sim::contexts_max, 0);
    for (uint8_t choice : sim::g.choices) {
        if ((choice & sim::choice_is_data) == 0) {
            ++operations[choice];
        }
    }
    for (unsigned i = 0; i < sim::g.context_count; ++i) {
        if (operations[i] != 0) {
            r.contexts.push_back({sim::name_of_context(i), sim::g.contexts[i].cpu, operations[i]});
        }
    }
    (void)s;
}

class variant_explorer {
public:
    variant_explorer(const script& s, const variant_choice& v, const explore_request& request,
                     const progress_observer& observer)
        : script_(s), choice_(v), request_(request), observer_(observer),
          machine_(machine_options(request)), stage_(s), look_(s, stage_),
          clauses_(s, v.variant, v.regime), plan_(plan_of(s, request)) {
        report_.name = v.name();
        report_.strategy = text_of(plan_);
        sim::dependence = request.plain_dependence ? sim::dependence_mode::plain
                                                   : sim::dependence_mode::refined;
    }

    variant_report run() {
        if (!machine_.load(choice_.module, report_.error) ||
            !stage_.set_up(machine_, report_.error)) {
            return report_;
        }
        start_ = std::chrono::steady_clock::now();
        for (const schedule* one : clauses_.schedules()) {
            run_schedule(*one);
        }
        explore();
        finish();
        report_.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        return report_;
    }

private:
    void run_schedule(const schedule& one) {
        sim::scripted_strategy s(script_of(one), nullptr);
        s.begin();
        stage_.forget();
        sim::execution_end end = machine_.run(s);
        s.end(end);
        if (end == sim::execution_end::done) {
            machine_.final_checks();
        }
        look_.take(machine_, end);
        std::string problem;
        if (s.infeasible()) {
            problem = fmt::format("{} (line {})", s.problem(), s.problem_line());
        }
        clauses_.judge_schedule(one.name.text, look_, problem);
    }

    bool after_execution(sim::execution_end end) {
        ++executions_;
        if (end != sim::execution_end::pruned) {
            if (report_.contexts.empty() && end == sim::execution_end::done) {
                count_operations(script_, report_);
            }
            look_.take(machine_, end);
            clauses_.judge(look_, end);
        }
        stage_.forget();
        if (clauses_.only_exists() && clauses_.satisfied_early() && !clauses_.empty()) {
            stopped_early_ = true;
            return false;
        }
        if ((executions_ & 1023) == 0 && observer_) {
            progress p;
            p.variant = report_.name;
            p.executions = executions_;
            p.seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
            return observer_(p);
        }
        return true;
    }

    void explore() {
        std::unique_ptr<sim::strategy> inner = strategy_of(plan_);
        std::unique_ptr<sim::strategy> wrapped;
        sim::strategy* used = inner.get();
        if (plan_.prefix != nullptr) {
            wrapped = std::make_unique<sim::scripted_strategy>(script_of(*plan_.prefix), used);
            used = wrapped.get();
        }
        sim::explore_limits limits;
        limits.executions_max = plan_.executions;
        limits.stop_at_first = request_.stop_at_first;
        stage_.forget();
        result_ = sim::explore(machine_, *used, limits,
                               [this](sim::execution_end end) { return after_execution(end); });
        report_.executions = result_.executions;
        report_.blocked = result_.pruned;
        if (auto* b = dynamic_cast<sim::bounded_strategy*>(inner.get()); b != nullptr) {
            report_.bound = result_.complete ? static_cast<int>(plan_.preemptions) : b->complete_to();
            report_.conflicting_objects = b->conflicting_objects();
            exhausted_ = result_.complete && !b->bound_mattered();
        } else {
            exhausted_ = result_.complete;
        }
        report_.complete = exhausted_ && plan_.prefix == nullptr;
    }

    void finish() {
        for (const sim::found_case& f : result_.found) {
            keep(finding_of(machine_, stage_, script_, choice_, f, clauses_));
        }
        std::stable_sort(report_.findings.begin(), report_.findings.end(), tells_more);
        bool within_bound = result_.complete;
        report_.expectations = clauses_.report(within_bound);
        for (size_t i = 0; i < report_.expectations.size(); ++i) {
            expectation_report& e = report_.expectations[i];
            const tracked_clause& t = clauses_.tracked()[i];
            report_.as_expected = report_.as_expected && e.holds;
            if (!t.choices.empty() && !e.holds) {
                e.detail += "; heddle replay " + token_of(machine_, stage_, script_, choice_, t.choices);
            }
        }
        if (plan_.strategy == "bounded" && report_.conflicting_objects == 0 && !stopped_early_ &&
            script_.contexts.size() > 1) {
            report_.as_expected = false;
            report_.expectations.push_back({"the contexts share something", "", 0, false, true,
                                            "no object was used by two contexts with one of them "
                                            "writing: this is not a race"});
        }
        report_.verdict = verdict();
        if (report_.verdict == "proved" || report_.verdict.rfind("complete", 0) == 0) {
            report_.assumes = assumptions(request_, script_);
        }
    }

    // The same defect may show at several places of its object; one line tells it.
    void keep(const finding_report& f) {
        for (finding_report& old : report_.findings) {
            if (old.kind == f.kind && old.where == f.where) {
                uint64_t executions = old.executions + f.executions;
                old = tells_more(f, old) ? f : old;
                old.executions = executions;
                return;
            }
        }
        report_.findings.push_back(f);
    }

    std::string verdict() const {
        if (!report_.findings.empty()) {
            return "found";
        }
        if (result_.step_bounds != 0) {
            return "inconclusive";
        }
        if (report_.complete) {
            return "proved";
        }
        if (plan_.strategy == "bounded" && report_.bound >= 0) {
            return fmt::format("complete to {} preemption{}", report_.bound,
                               report_.bound == 1 ? "" : "s");
        }
        return fmt::format("not refuted in {}", report_.executions);
    }

    const script& script_;
    const variant_choice& choice_;
    const explore_request& request_;
    const progress_observer& observer_;
    sim::simulation machine_;
    stage stage_;
    final_look look_;
    clause_set clauses_;
    plan plan_;
    variant_report report_;
    sim::explore_result result_;
    uint64_t executions_ = 0;
    bool stopped_early_ = false;
    bool exhausted_ = false;
    std::chrono::steady_clock::time_point start_;
};

}  // namespace

sim::simulation_options machine_options(const explore_request& request) {
    sim::simulation_options o;
    o.race = request.race_checker;
    o.memory = request.memory_checker;
    o.leaks = request.leak_checker;
    o.deep = request.deep;
    o.compare = request.compare_memory;
    if (request.steps_max != 0) {
        o.limits.steps_max = request.steps_max;
    }
    return o;
}

variant_report explore_here(const script& s, const variant_choice& v,
                            const explore_request& request, const progress_observer& observer) {
    return variant_explorer(s, v, request, observer).run();
}

bool replay_here(const script& s, const variant_choice& v, const explore_request& request,
                 const sim::token& token, sim::trace& t, std::string& drift, std::string& error) {
    sim::simulation machine(machine_options(request));
    stage on(s);
    if (!machine.load(v.module, error) || !on.set_up(machine, error) ||
        !sim::make_visible(token, error)) {
        return false;
    }
    sim::recorder r;
    r.begin();
    sim::g.record = &r;
    sim::watch_entries(true);
    sim::token_strategy strategy(token.deviations);
    strategy.begin();
    sim::execution_end end = machine.run(strategy);
    if (end == sim::execution_end::done) {
        machine.final_checks();
    }
    sim::g.record = nullptr;
    sim::watch_entries(false);
    t = r.take();
    t.header.subject = s.name.text + ".race";
    t.header.variant = v.name();
    t.header.strategy = "replay";
    t.header.token = sim::print_token(token);
    if (strategy.not_followed() != 0) {
        drift = fmt::format("{} of {} choices of the token could not be followed: the subject has "
                            "changed since it was made",
                            strategy.not_followed(), token.deviations.size());
    }
    return true;
}

}  // namespace scenario
