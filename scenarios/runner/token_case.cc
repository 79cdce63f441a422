#include "scenarios/runner/token_case.h"

#include "scenarios/runner/machine_setup.h"
#include "scenarios/runner/variant_run.h"
#include "sim/dependence.h"
#include "sim/explore/explorer.h"
#include "sim/explore/token.h"
#include "sim/explore/token_drift.h"
#include "sim/program/symbols.h"

namespace scenario {

token_case::token_case(const token_source& source)
    : source_(source), machine_(machine_options(source.request)) {
    sim::dependence = source.request.plain_dependence ? sim::dependence_mode::plain
                                                      : sim::dependence_mode::refined;
}

bool token_case::set_up(std::string& error) {
    if (source_.race != nullptr) {
        stage_ = std::make_unique<stage>(*source_.race);
        const auto anything = [](const condition&) { return stage::judgement{}; };
        if (!machine_.load(source_.variant.module, error) ||
            !stage_->set_up(machine_, anything, error)) {
            return false;
        }
        points_ = std::make_unique<sim::point_set>(
            points_in(*source_.race, source_.variant.schedule).points);
    } else {
        if (!machine_.load(source_.program.path, error)) {
            return false;
        }
        if (sim::g.subject->main_address() == 0) {
            error = source_.program.path + ": has no main: it is not a program";
            return false;
        }
        std::vector<std::string> arguments = source_.program.arguments;
        arguments.insert(arguments.begin(), source_.program.name());
        machine_.set_contexts({sim::program_main(arguments)});
        machine_.take_snapshot();
    }
    return sim::make_visible(source_.token, error);
}

void token_case::before_execution() {
    if (stage_ != nullptr) {
        stage_->forget();
        points_->arm();
    }
}

sim::recorded_choices token_case::run(token_drift& drift) {
    const sim::resolved_token now =
        sim::resolve_token(source_.token.deviations, [&](sim::strategy& one) {
            before_execution();
            machine_.run(one);
        });
    sim::token_strategy follower(now.deviations);
    follower.begin();
    before_execution();
    const sim::execution_end end = machine_.run(follower);
    const sim::recorded_choices made = sim::g.choices.recorded();
    if (end == sim::execution_end::done) {
        machine_.final_checks();
    }
    drift.lines = now.drift;
    drift.lost = lost_text(now, source_.token.deviations.size(), !sim::g.findings.empty());
    return made;
}

std::string token_case::token_of(const sim::recorded_choices& choices) {
    sim::token_writer writer(choices);
    writer.begin();
    before_execution();
    machine_.run(writer);
    return sim::print_token(
        {source_.token.subject, source_.token.variant, writer.deviations(), writer.visible()});
}

sim::trace token_case::trace_of(const sim::recorded_choices& choices) {
    const std::string token = token_of(choices);
    before_execution();
    sim::execution_end end{};
    bool diverged = false;
    sim::trace t = sim::replay(machine_, choices, end, diverged);
    HEDDLE_ASSERT(!diverged);
    const bool race = source_.race != nullptr;
    t.header.subject = race ? source_.race->name.text + ".race" : source_.program.name();
    t.header.variant = race ? source_.variant.name_in(source_.variant.schedule) : "program";
    t.header.strategy = "replay";
    t.header.token = token;
    return t;
}

}  // namespace scenario
