#include "scenarios/runner/variant_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

#include "scenarios/lang/print.h"
#include "scenarios/runner/allowed.h"
#include "scenarios/runner/assumptions.h"
#include "scenarios/runner/budget.h"
#include "scenarios/runner/clauses.h"
#include "scenarios/runner/conditions.h"
#include "scenarios/runner/finding_text.h"
#include "scenarios/runner/lock_orders.h"
#include "scenarios/runner/machine_setup.h"
#include "scenarios/runner/model_words.h"
#include "scenarios/runner/pace.h"
#include "scenarios/runner/race_judge.h"
#include "scenarios/runner/script_points.h"
#include "scenarios/runner/search.h"
#include "scenarios/runner/sha1.h"
#include "scenarios/runner/stage.h"
#include "scenarios/runner/tree_watch.h"
#include "scenarios/runner/unit_run.h"
#include "sim/check/describe.h"
#include "sim/dependence.h"
#include "sim/explore/explorer.h"
#include "sim/explore/replay.h"
#include "sim/explore/unended.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"

namespace scenario {

namespace {

// How many operations each context of the race performs, in the execution that has just ended.
void count_operations(variant_report& r) {
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
}

class variant_explorer {
  public:
    variant_explorer(const script& s, const variant_choice& v, const explore_request& request,
                     const progress_observer& observer)
        : script_(s),
          choice_(v),
          request_(request),
          observer_(observer),
          machine_(machine_options(request)),
          stage_(s),
          look_(s, stage_),
          clauses_(s, v.variant, v.regime),
          right_(clause_set::always_of_fixed(s, v.variant)),
          judge_(machine_, stage_, look_, clauses_, right_),
          search_(s, request) {
        report_.name = v.name();
        report_.strategy = search_.choice().text();
        if (v.variant == patched_name) {
            report_.notes.push_back(clauses_.empty() ? "nothing is expected of fixed: no bug is"
                                                     : "judged by what is expected of fixed");
        }
        sim::dependence =
            request.plain_dependence ? sim::dependence_mode::plain : sim::dependence_mode::refined;
    }

    variant_report run() {
        auto holds = [this](const condition& c) {
            const bool now = look_.holds_now(machine_, c);
            return stage::judgement{now, now ? "" : look_.told(c)};
        };
        if (!machine_.load(choice_.module, report_.error) ||
            !stage_.set_up(machine_, holds, report_.error) ||
            !check_model_words(script_, stage_, machine_, report_.error)) {
            return report_;
        }
        limit_steps();
        sim::subject_names.kept = clauses_.names_objects();
        speed_.emplace(report_.name, search_.choice().executions);
        allowed_.emplace(request_, *speed_);
        for (const schedule* one : clauses_.schedules()) {
            run_schedule(*one);
        }
        explore();
        if (!report_.error.empty()) {
            return report_;
        }
        finish();
        report_.seconds = speed_->seconds();
        return report_;
    }

  private:
    // `explore dfs steps 2000`: of the race, not of its set-up.
    void limit_steps() {
        const schedule* one = exploring_schedule_or_null(script_);
        if (one != nullptr && one->explore->steps && request_.steps_max == 0) {
            sim::simulation_options limited = machine_.options();
            limited.limits.steps_max = static_cast<uint32_t>(*one->explore->steps);
            machine_.set_options(limited);
        }
    }

    void run_schedule(const schedule& one) {
        const schedule_points parts = points_of(script_, one);
        sim::point_set points(parts.points);
        sim::scripted_strategy s(parts.runs, points, nullptr);
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

    // Turns choices into a token by running them once more, with the points they were made with.
    std::string token_of(const sim::recorded_choices& choices, const schedule* one = nullptr) {
        sim::point_set points(one != nullptr ? points_of(script_, *one).points
                                             : std::vector<sim::armed_point>{});
        sim::token_writer writer(choices);
        writer.begin();
        stage_.forget();
        one != nullptr ? points.arm() : search_.arm();
        machine_.run(writer);
        std::string variant = choice_.name_in(one != nullptr ? one->name.text : "");
        return sim::print_token(
            {script_.name.text, variant, writer.deviations(), writer.visible()});
    }

    finding_report finding_of(const sim::found_case& f) {
        finding_report r;
        r.kind = sim::name_of(f.what.kind);
        r.preemptions = f.preemptions;
        r.steps = static_cast<uint32_t>(f.choices.size());
        r.executions = f.executions;
        r.expected = clauses_.expects_bug(bug_word(f.what.kind));
        stage_.forget();
        sim::execution_end end{};
        bool diverged = false;
        search_.arm();
        sim::trace t = sim::replay(machine_, f.choices, end, diverged);
        r.preemptions = sim::g.preemptions;
        HEDDLE_ASSERT(!diverged);
        const bool again = std::any_of(sim::g.findings.begin(), sim::g.findings.end(),
                                       [&](const sim::finding& g) { return g.same_as(f.what); });
        if (!again) {
            report_.internal_error = true;
            report_.notes.push_back("a " + r.kind + " could not be repeated from its schedule");
        }
        describe_finding(t, f.what, r);
        r.token = token_of(f.choices);
        r.effect = effect_of(machine_, f, [this] {
            stage_.forget();
            search_.arm();
        });
        return r;
    }

    bool after_execution(sim::execution_end end) {
        ++executions_;
        look_on(end);
        found_in_ += sim::g.findings.empty() ? 0 : 1;
        const bool pending = sim::visible_pending();
        if (report_.contexts.empty() && end == sim::execution_end::done && !pending) {
            count_operations(report_);
        }
        if (!judge_.see(end)) {
            stopped_early_ = true;
            return false;
        }
        if (allowed_->spent()) {
            report_.notes.push_back(allowed_->why());
            return false;
        }
        if ((executions_ & 1023) == 0 && observer_) {
            progress p = speed_->at(executions_, found_in_, search_.round(), search_.share_done());
            p.bound_of = search_.choice().bound_of();
            return observer_(p);
        }
        return true;
    }

    void look_on(sim::execution_end end) {
        if (request_.tree_boxes) {
            tree_.see(end);
        }
    }

    void explore() {
        sim::explore_limits limits;
        limits.executions_max = search_.choice().executions;
        limits.stop_at_first = request_.stop_at_first;
        bool bound_mattered = false;
        if (search_.in_units()) {
            bound_mattered = explore_in_units(limits);
        }
        if (!report_.error.empty()) {
            return;
        }
        if (!search_.in_units()) {
            result_ = sim::explore(machine_, judge_.around_other(search_.strategy()), limits,
                                   [this](sim::execution_end end) { return after_execution(end); });
            share_done_ = search_.share_done();
        }
        search_.tell(result_, bound_mattered, report_);
        if (!result_.complete && !stopped_early_) {
            speed_->at(executions_, found_in_, search_.round(), share_done_);
            const std::string size = speed_->size_text();
            if (!size.empty()) {
                report_.notes.push_back(size);
            }
        }
    }

    // True: something was left out since it took too many reversals.
    bool explore_in_units(const sim::explore_limits& limits) {
        unit_subject subject;
        subject.name = script_.name.text + "." + report_.name;
        std::replace(subject.name.begin(), subject.name.end(), ' ', '_');
        subject.about = about();
        subject.option = choice_.variant == patched_name ? "" : variant_option();
        // How many executions it takes until something has happened, and whether a state is seen that
        // equivalent executions pass by, depend on the order in which is explored.
        subject.jobs = clauses_.searches() || clauses_.only_exists() ? 1 : request_.jobs;
        subject.style = search_.choice().style();
        subject.style.judge = &judge_;
        subject.looks_on = [this](sim::execution_end end) {
            look_on(end);
            return true;
        };
        judge_.have_around(
            [this](sim::strategy& s) -> sim::strategy& { return search_.around(s); });
        unit_run run = run_in_units(machine_, request_, limits, subject, *speed_, observer_);
        report_.error = run.error;
        report_.notes.insert(report_.notes.end(), run.notes.begin(), run.notes.end());
        if (!run.error.empty()) {
            return false;
        }
        result_ = std::move(run.result);
        sim::sort_cases(result_.found);
        stopped_early_ = run.enough;
        lost_ = run.lost;
        share_done_ = run.share_done;
        executions_ = result_.earlier + result_.executions + result_.pruned;
        found_in_ = result_.found.size();
        count_usual();
        return run.bound_mattered;
    }

    [[nodiscard]] std::string variant_option() const {
        const char* quote = report_.name.find(' ') == std::string::npos ? "" : "'";
        return fmt::format("--variant {0}{1}{0} ", quote, report_.name);
    }

    // What an exploration that goes on from a checkpoint must have in common with it.
    [[nodiscard]] std::string about() const {
        std::ifstream module(choice_.module, std::ios::binary);
        std::ostringstream bytes;
        bytes << module.rdbuf();
        sha1 sum;
        sum.add_field(bytes.str());
        sum.add_field(to_text(script_));
        sum.add_field(report_.name);
        sum.add_field(checked_options(request_));
        return sum.hex();
    }

    // Where nobody is preempted, as the machine sees it before anything races.
    void count_usual() {
        sim::visible_use(0);
        sim::replay_strategy usual({});
        usual.begin();
        stage_.forget();
        machine_.run(usual);
        count_operations(report_);
    }

    void finish() {
        sim::recall_lessons(result_.learned);
        for (const sim::found_case& f : result_.found) {
            keep(finding_of(f));
        }
        const bool disordered =
            add_lock_orders(result_, report_.complete && !result_.cut_by_findings, report_);
        if (disordered && (choice_.variant == patched_name || choice_.variant == "fixed")) {
            complain("locks are taken in one order", "two orders of the same classes were seen");
        }
        std::stable_sort(report_.findings.begin(), report_.findings.end(), tells_more);
        report_.expectations = clauses_.report(result_.complete);
        for (size_t i = 0; i < report_.expectations.size(); ++i) {
            expectation_report& e = report_.expectations[i];
            const tracked_clause& t = clauses_.tracked()[i];
            report_.as_expected = report_.as_expected && e.holds;
            if (!t.against.choices.empty() && !e.holds) {
                e.detail += "; heddle replay " + token_of(t.against.choices, t.run);
            }
        }
        report_.broken = right_.broken([this](const auto& c, auto& b) { tell_broken(c, b); });
        problem_ = stopped_early_ ? "" : search_.problem(result_);
        if (!problem_.empty()) {
            complain("the schedule that explores can be followed", "infeasible: " + problem_);
        } else if (choice_.variant == patched_name && clauses_.empty() &&
                   !report_.findings.empty()) {
            complain("no bug", "nothing is expected of fixed, so no finding at all is");
        } else if (search_.choice().kind == "bounded" && report_.conflicting_objects == 0 &&
                   !stopped_early_ && script_.contexts.size() > 1) {
            complain("the contexts share something",
                     "no object was used by two contexts with one of them writing: this is not a "
                     "race");
        }
        tell_allowed(result_, report_);
        report_.verdict = verdict();
        stage_.forget();
        search_.arm();
        for (std::string& note : sim::describe_unended(machine_, result_)) {
            report_.notes.push_back(std::move(note));
        }
        draw_tree();
        if (report_.verdict == "proved" || report_.verdict.rfind("complete", 0) == 0) {
            report_.assumes = race_assumptions(request_, script_, search_.restrictions());
            assume_allowed(report_, report_.assumes);
        }
    }

    void draw_tree() {
        if (request_.tree_boxes) {
            const tree_watch::subject s = {
                fmt::format("{}, variant {}", script_.name.text, report_.name),
                [this] {
                    stage_.forget();
                    search_.arm();
                },
                [this](const sim::recorded_choices& choices) { return token_of(choices); }};
            report_.tree =
                tree_.picture(machine_, s, search_.choice(), result_, *request_.tree_boxes);
        }
    }

    // The optimal strategy may come first to any of several executions.
    void tell_broken(const counterexample& c, broken_report& b) {
        if (!search_.optimal()) {
            b.detail = c.detail;
            b.token = token_of(c.choices);
        }
        if (search_.choice().kind == "bounded") {
            b.preemptions = static_cast<int>(c.preemptions);
        }
    }

    // What nobody wrote down but every race must do.
    void complain(const std::string& wanted, const std::string& why) {
        report_.as_expected = false;
        report_.expectations.push_back({wanted, "", 0, false, true, why});
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

    [[nodiscard]] std::string verdict() const {
        if (!report_.findings.empty()) {
            return "found";
        }
        if (!problem_.empty()) {
            return "infeasible";
        }
        if (result_.step_bounds != 0 || lost_) {
            return "inconclusive";
        }
        if (report_.complete) {
            return "proved";
        }
        if (report_.bound >= 0) {
            return fmt::format("complete to {} {}{}", report_.bound, report_.bound_of,
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
    clause_set right_;  // of fixed, to see whether a broken variant is
    race_judge judge_;
    search search_;
    variant_report report_;
    sim::explore_result result_;
    uint64_t executions_ = 0;
    uint64_t found_in_ = 0;
    double share_done_ = 0;
    bool stopped_early_ = false;
    bool lost_ = false;  // workers died again and again
    std::string problem_;
    std::optional<pace> speed_;
    std::optional<budget> allowed_;
    tree_watch tree_;
};

}  // namespace

variant_report explore_here(const script& s, const variant_choice& v,
                            const explore_request& request, const progress_observer& observer) {
    return variant_explorer(s, v, request, observer).run();
}

std::string lost_text(const sim::resolved_token& now, size_t choices, bool found) {
    if (now.lost.empty() || found) {
        return "";  // the others were enough
    }
    return fmt::format(
        "{} of {} choices of the token could not be followed, and nothing is found without: {}",
        now.lost.size(), choices, now.lost.front());
}

bool replay_here(const script& s, const variant_choice& v, const explore_request& request,
                 const sim::token& token, sim::trace& t, std::string& drift, std::string& error) {
    sim::simulation machine(machine_options(request));
    stage on(s);
    auto anything = [](const condition&) { return stage::judgement{}; };
    if (!machine.load(v.module, error) || !on.set_up(machine, anything, error) ||
        !sim::make_visible(token, error)) {
        return false;
    }
    sim::point_set points(points_in(s, v.schedule).points);
    const sim::resolved_token now = sim::resolve_token(token.deviations, [&](sim::strategy& one) {
        on.forget();
        points.arm();
        machine.run(one);
    });
    sim::recorder r;
    r.begin();
    sim::g.record = &r;
    sim::token_strategy strategy(now.deviations);
    strategy.begin();
    on.forget();
    points.arm();
    sim::watch_entries(true);
    sim::execution_end end = machine.run(strategy);
    if (end == sim::execution_end::done) {
        machine.final_checks();
    }
    sim::g.record = nullptr;
    sim::watch_entries(false);
    t = r.take();
    t.header.subject = s.name.text + ".race";
    t.header.variant = v.name_in(v.schedule);
    t.header.strategy = "replay";
    t.header.token = sim::print_token(token);
    t.header.drift = now.drift;
    drift = lost_text(now, token.deviations.size(), !t.findings.empty());
    return true;
}

}  // namespace scenario
