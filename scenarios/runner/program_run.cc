#include "scenarios/runner/program_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <sstream>

#include "scenarios/runner/allowed.h"
#include "scenarios/runner/assumptions.h"
#include "scenarios/runner/budget.h"
#include "scenarios/runner/finding_text.h"
#include "scenarios/runner/lock_orders.h"
#include "scenarios/runner/machine_setup.h"
#include "scenarios/runner/pace.h"
#include "scenarios/runner/search.h"
#include "scenarios/runner/sha1.h"
#include "scenarios/runner/strategy_choice.h"
#include "scenarios/runner/tree_watch.h"
#include "scenarios/runner/unit_run.h"
#include "scenarios/runner/variant_run.h"
#include "sim/check/describe.h"
#include "sim/dependence.h"
#include "sim/explore/conflicts.h"
#include "sim/explore/counted.h"
#include "sim/explore/explorer.h"
#include "sim/explore/replay.h"
#include "sim/explore/sampler.h"
#include "sim/explore/token.h"
#include "sim/explore/unended.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/memory/weakened.h"
#include "sim/program/symbols.h"
#include "sim/simulation.h"

namespace scenario {

namespace {

constexpr uint64_t executions_default = 1'000'000;
constexpr uint64_t look_every = 256;  // executions between two looks at the clock

using steady = std::chrono::steady_clock;

double seconds_since(steady::time_point begin) {
    return std::chrono::duration<double>(steady::now() - begin).count();
}

sim::trace recorded(sim::simulation& machine, sim::strategy& s) {
    sim::recorder r;
    r.begin();
    sim::g.record = &r;
    sim::watch_entries(true);
    s.begin();
    sim::execution_end end = machine.run(s);
    if (end == sim::execution_end::done) {
        machine.final_checks();
    }
    sim::g.record = nullptr;
    sim::watch_entries(false);
    return r.take();
}

class program_explorer {
  public:
    program_explorer(const program_call& call, const explore_request& request,
                     const progress_observer& observer)
        : call_(call), request_(request), observer_(observer), machine_(machine_options(request)) {
        report_.name = "program";
        sim::dependence =
            request.plain_dependence ? sim::dependence_mode::plain : sim::dependence_mode::refined;
    }

    variant_report run() {
        const steady::time_point begin = steady::now();
        if (!machine_.load(call_.path, report_.error)) {
            return report_;
        }
        if (sim::g.subject->main_address() == 0) {
            report_.error = call_.path + ": has no main: it is not a program";
            return report_;
        }
        std::vector<std::string> arguments = call_.arguments;
        arguments.insert(arguments.begin(), call_.name());
        machine_.set_contexts({sim::program_main(arguments)});
        machine_.take_snapshot();
        explore();
        if (!report_.error.empty()) {
            return report_;
        }
        describe_findings();
        describe_size();
        judge();
        draw_tree();
        report_.seconds = seconds_since(begin);
        return report_;
    }

  private:
    void explore() {
        const std::string usual = request_.memory.empty() ? "optimal" : "graph";
        choice_ = choose_strategy(request_.strategy.empty() ? usual : request_.strategy, request_,
                                  nullptr, executions_default);
        sim::explore_limits limits;
        limits.executions_max = choice_.executions;
        limits.stop_at_first = request_.stop_at_first;
        report_.strategy = choice_.text();
        report_.bound_of = choice_.bound_of();
        if (choice_.in_units()) {
            explore_in_units(limits);
        } else {
            explore_by(*choice_.make(), limits);
        }
        if (out_of_reach_) {
            draw_the_rest(limits);
        }
        report_.executions = result_.executions;
        report_.blocked = result_.pruned;
        report_.complete = result_.complete && !result_.cut_by_findings && !left_out_;
    }

    // Who asks for no strategy, and for nothing that only the optimal one knows, wants the most of its executions.
    [[nodiscard]] bool may_draw() const {
        return request_.strategy.empty() && !request_.tree_boxes && !request_.seconds &&
               !request_.memory_mib && request_.checkpoint.empty() && request_.resume.empty();
    }

    void draw_the_rest(sim::explore_limits limits) {
        sim::explore_result first = std::move(result_);
        limits.executions_max -= seen_;
        choice_.kind = "portfolio";
        report_.strategy += ", then " + choice_.text();
        report_.notes.push_back(fmt::format(
            "to explore all of them is out of reach: {} more were drawn at random; --strategy "
            "optimal goes on instead",
            limits.executions_max));
        explore_by(*choice_.make(), limits);
        first.complete = result_.complete;
        first.earlier += result_.earlier;
        sim::merge(first, result_);
        result_ = std::move(first);
    }

    // By this process, which asks the strategy at each choice.
    void explore_by(sim::strategy& s, const sim::explore_limits& limits) {
        const auto* rounds = dynamic_cast<sim::iterative_strategy*>(&s);
        std::optional<sim::counted_strategy> counted;
        if (rounds != nullptr) {
            counted.emplace(s, *rounds);
        }
        pace speed(report_.name, choice_.executions);
        budget allowed(request_, speed);
        const auto more = [&](sim::execution_end end) {
            look_on(end);
            const int round = rounds != nullptr ? rounds->complete_to() + 1 : -1;
            return !allowed.spent() && go_on(speed, round, s.share_done());
        };
        sim::strategy& outermost = counted ? static_cast<sim::strategy&>(*counted) : s;
        result_ = sim::explore(machine_, outermost, limits, more);
        if (!allowed.why().empty()) {
            report_.notes.push_back(allowed.why());
        }
        if (!result_.complete) {
            note_size(speed, rounds != nullptr ? 0 : -1, s.share_done());
        }
        if (rounds != nullptr) {
            report_.bound = rounds->complete_to();
            left_out_ = rounds->bound_mattered();
            tell_traces(*counted, report_);
        }
        if (const auto* sampler = dynamic_cast<sim::sampler*>(&s)) {
            promise_ = sampler->promise();
        }
    }

    void look_on(sim::execution_end end) {
        if (request_.tree_boxes) {
            tree_.see(end);
        }
    }

    void draw_tree() {
        if (request_.tree_boxes) {
            const tree_watch::subject s = {
                call_.name(), [] {},
                [this](const sim::recorded_choices& choices) {
                    sim::token_writer writer(choices);
                    writer.begin();
                    machine_.run(writer);
                    return sim::print_token(
                        {call_.name(), report_.name, writer.deviations(), writer.visible()});
                }};
            report_.tree = tree_.picture(machine_, s, choice_, result_, *request_.tree_boxes);
        }
    }

    bool go_on(pace& speed, int round, double share_done) {
        findings_ += sim::g.findings.empty() ? 0 : 1;
        if (++seen_ % look_every != 0 || !observer_) {
            return true;
        }
        progress p = speed.at(seen_, findings_, round, share_done);
        p.bound_of = report_.bound_of;
        return observer_(p);
    }

    void explore_in_units(const sim::explore_limits& limits) {
        pace speed(report_.name, limits.executions_max);
        unit_subject subject{
            call_.name(),  about(),         "",
            request_.jobs, choice_.style(), choice_.kind == "optimal" && may_draw()};
        subject.looks_on = [this](sim::execution_end end) {
            look_on(end);
            return true;
        };
        unit_run run = run_in_units(machine_, request_, limits, subject, speed, observer_);
        report_.error = run.error;
        result_ = std::move(run.result);
        out_of_reach_ = run.out_of_reach;
        if (run.bound_mattered) {
            report_.bound = result_.complete ? static_cast<int>(choice_.bound()) : -1;
            left_out_ = true;
        }
        seen_ = result_.earlier + result_.executions + result_.pruned;
        findings_ = result_.found.size();
        report_.notes.insert(report_.notes.end(), run.notes.begin(), run.notes.end());
        lost_ = run.lost;
        if (!result_.complete && report_.error.empty()) {
            note_size(speed, -1, run.share_done);
        }
    }

    // How large an exploration that was cut would have been.
    void note_size(pace& speed, int round, double share_done) {
        speed.at(seen_, findings_, round, share_done);
        const std::string size = speed.size_text();
        if (!size.empty()) {
            report_.notes.push_back(size);
        }
    }

    // What an exploration that goes on from a checkpoint must have in common with it.
    [[nodiscard]] std::string about() const {
        std::ifstream module(call_.path, std::ios::binary);
        std::ostringstream bytes;
        bytes << module.rdbuf();
        sha1 sum;
        sum.add_field(bytes.str());
        for (const std::string& argument : call_.arguments) {
            sum.add_field(argument);
        }
        sum.add_field(checked_options(request_));
        return sum.hex();
    }

    void describe_findings() {
        sim::recall_lessons(result_.learned);
        sim::sort_cases(result_.found);
        for (const sim::found_case& f : result_.found) {
            finding_report r;
            r.kind = sim::name_of(f.what.kind);
            r.executions = f.executions;
            sim::token_writer writer(f.choices);
            const sim::trace t = recorded(machine_, writer);
            r.steps = sim::g.steps;
            r.preemptions = sim::g.preemptions;
            const bool again =
                std::any_of(sim::g.findings.begin(), sim::g.findings.end(),
                            [&](const sim::finding& g) { return g.same_as(f.what); });
            r.token = sim::print_token(
                {call_.name(), report_.name, writer.deviations(), writer.visible()});
            describe_finding(t, f.what, r);
            if (writer.diverged() || !again) {
                report_.internal_error = true;
                report_.notes.push_back(
                    "a schedule could not be repeated: the program does not "
                    "behave the same way twice");
            }
            r.effect = effect_of(machine_, f, [] {});
            report_.findings.push_back(r);
            note_sections(t);
        }
        add_lock_orders(result_, report_.complete, report_);
        std::stable_sort(report_.findings.begin(), report_.findings.end(), tells_more);
    }

    // The operations of each context where nobody is preempted, and what they share.
    void describe_size() {
        if (result_.executions == 0) {
            return;
        }
        sim::replay_strategy usual({});
        const sim::trace t = recorded(machine_, usual);
        note_sections(t);
        for (const sim::trace_context& c : t.header.contexts) {
            if (c.cpu == sim::trace_alone_cpu) {
                break;  // the last: it was made for what is checked at the end
            }
            report_.contexts.push_back({c.name, c.cpu, 0});
        }
        for (const sim::trace_event& e : t.events) {
            report_.contexts[e.context].operations += e.remark ? 0 : 1;
        }
        keep_history every;
        every.begin();
        machine_.run(every);
        sim::conflict_table shared;
        for (const sim::step_record& s : sim::g.history) {
            shared.add(s.op, s.context);
        }
        report_.conflicting_objects = shared.conflicting();
    }

    class keep_history final : public sim::strategy {
      public:
        bool begin() override { return true; }
        uint8_t choose(const sim::choice_view& view) override { return sim::default_choice(view); }
        uint32_t pick(const sim::choice_view&, uint32_t) override { return 0; }
        [[nodiscard]] bool wants_operations() const override { return true; }
    };

    void note_sections(const sim::trace& t) {
        for (const sim::trace_event& e : t.events) {
            if (e.kind == "section" &&
                std::find(sections_.begin(), sections_.end(), e.object) == sections_.end()) {
                sections_.push_back(e.object);
            }
        }
    }

    [[nodiscard]] std::string verdict() const {
        if (!report_.findings.empty()) {
            return "found";
        }
        if (report_.internal_error || lost_ || result_.executions == result_.step_bounds) {
            return "inconclusive";
        }
        if (report_.complete) {
            return "proved";
        }
        if (report_.bound >= 0 && result_.step_bounds == 0) {
            return fmt::format("complete to {} {}{}", report_.bound, report_.bound_of,
                               report_.bound == 1 ? "" : "s");
        }
        return fmt::format("not refuted in {}", result_.executions - result_.step_bounds);
    }

    void judge() {
        for (std::string& note : sim::describe_unended(machine_, result_)) {
            report_.notes.push_back(std::move(note));
        }
        if (report_.bound >= 0 && report_.bound < static_cast<int>(choice_.bound()) &&
            !report_.complete) {
            report_.notes.push_back(
                fmt::format("{} {}s were asked for, but the search ended before", choice_.bound(),
                            report_.bound_of));
        }
        tell_allowed(result_, report_);
        report_.verdict = verdict();
        if (report_.verdict.rfind("not refuted", 0) == 0 && !promise_.empty()) {
            report_.notes.push_back(promise_);
        }
        report_.as_expected = report_.findings.empty();
        if (report_.complete || report_.verdict.rfind("complete", 0) == 0) {
            report_.assumes = assumptions();
        }
    }

    [[nodiscard]] std::vector<std::string> assumptions() const {
        std::vector<std::string> list = usual_assumptions(request_);
        assume_allowed(report_, list);
        for (const std::string& name : sections_) {
            list.push_back("section " + name + " is one operation");
        }
        return list;
    }

    const program_call& call_;
    const explore_request& request_;
    const progress_observer& observer_;
    sim::simulation machine_;
    strategy_choice choice_;
    std::string promise_;    // of a sampler
    bool left_out_ = false;  // the bound mattered
    bool out_of_reach_ = false;
    uint64_t seen_ = 0;
    bool lost_ = false;  // workers
    uint64_t findings_ = 0;
    sim::explore_result result_;
    variant_report report_;
    std::vector<std::string> sections_;
    tree_watch tree_;
};

}  // namespace

std::string program_call::name() const {
    return path.substr(path.find_last_of('/') + 1);
}

variant_report explore_program_here(const program_call& call, const explore_request& request,
                                    const progress_observer& observer) {
    return program_explorer(call, request, observer).run();
}

bool replay_program_here(const program_call& call, const explore_request& request,
                         const std::string& token, sim::trace& t, std::string& drift,
                         std::string& error) {
    sim::token wanted;
    if (!sim::parse_token(token, wanted, error)) {
        return false;
    }
    sim::dependence =
        request.plain_dependence ? sim::dependence_mode::plain : sim::dependence_mode::refined;
    sim::simulation machine(machine_options(request));
    if (!machine.load(call.path, error)) {
        return false;
    }
    if (sim::g.subject->main_address() == 0) {
        error = call.path + ": has no main: it is not a program";
        return false;
    }
    std::vector<std::string> arguments = call.arguments;
    arguments.insert(arguments.begin(), call.name());
    machine.set_contexts({sim::program_main(arguments)});
    machine.take_snapshot();
    if (!sim::make_visible(wanted, error)) {
        return false;
    }
    const sim::resolved_token now =
        sim::resolve_token(wanted.deviations, [&](sim::strategy& one) { machine.run(one); });
    sim::token_strategy follower(now.deviations);
    t = recorded(machine, follower);
    t.header.subject = call.name();
    t.header.variant = "program";
    t.header.strategy = "replay";
    t.header.token = token;
    t.header.drift = now.drift;
    for (const std::string& place : sim::weakened_in_vain()) {
        t.header.drift.push_back(place + ": nobody comes there with a stronger order");
    }
    drift = lost_text(now, wanted.deviations.size(), !t.findings.empty());
    return true;
}

}  // namespace scenario
