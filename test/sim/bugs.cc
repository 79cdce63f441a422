#include "test/sim/bugs.h"

#include <fmt/format.h>

#include <memory>
#include <sstream>

#include "sim/explore/explorer.h"
#include "sim/explore/random.h"
#include "sim/explore/sampler.h"
#include "sim/explore/token.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

std::unique_ptr<strategy> make(const std::string& name, uint64_t seed) {
    if (name == "random") {
        return std::make_unique<random_strategy>(seed);
    }
    return make_sampler_or_null(name, seed, pct_depth_default);
}

// The finding's own schedule, by way of its token, in a fresh execution.
bool shows_again(simulation& subject, const found_case& found) {
    token_writer writer(found.choices);
    writer.begin();
    subject.run(writer);
    const std::string text = print_token({"program", "program", writer.deviations(), {}});
    token read;
    std::string error;
    if (writer.diverged() || !parse_token(text, read, error)) {
        return false;
    }
    token_strategy follower(read.deviations);
    follower.begin();
    subject.run(follower);
    return follower.not_followed() == 0 && !g.findings.empty() &&
           g.findings.front().kind == found.what.kind;
}

std::string hunt_here(const buggy_program& program, const std::string& sampler, uint64_t seeds,
                      uint64_t executions_max) {
    simulation_options options;
    options.checks &= ~sim::check_leak;
    simulation subject(options);
    std::string text;
    std::string error;
    if (!subject.load(test::subject(program.name, "g++"), error)) {
        return "load: " + error;
    }
    subject.set_contexts({program_main({"program"})});
    subject.take_snapshot();
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
        const std::unique_ptr<strategy> s = make(sampler, seed);
        explore_limits limits;
        limits.executions_max = executions_max;
        limits.stop_at_first = true;
        const explore_result r = explore(subject, *s, limits);
        if (r.found.empty()) {
            text += "0 ";
            continue;
        }
        const found_case& first = r.found.front();
        if (name_of(first.what.kind) != program.finding) {
            return fmt::format("found {} instead of {}", name_of(first.what.kind), program.finding);
        }
        if (!shows_again(subject, first)) {
            return fmt::format("seed {}: its token does not show it again", seed);
        }
        text += fmt::format("{} ", r.earlier + r.executions + r.pruned);
    }
    return text;
}

}  // namespace

const std::vector<buggy_program>& buggy_programs() {
    static const std::vector<buggy_program> all = {
        {"account", "assertion failed", {6, 4, 4, 18}},
        {"bluetooth_driver", "assertion failed", {70, 112, 36, 215}},
        {"stack", "assertion failed", {5, 3, 2, 176}},
        {"string_buffer", "assertion failed", {8, 281, 23, 2243}},
        {"twostage_20", "assertion failed", {6, 159, 156, 0}},
        {"reorder_3", "assertion failed", {}},
        {"reorder_5", "assertion failed", {10, 647, 2169, 0}},
        {"reorder_10", "assertion failed", {17, 3225, 0, 0}},
        {"reorder_20", "assertion failed", {6, 3005, 0, 0}},
        {"reorder_50", "assertion failed", {13, 3304, 0, 0}},
        {"wrong_lock", "assertion failed", {}},
        {"token_ring", "assertion failed", {}},
        {"work_steal_queue", "assertion failed", {}},
        {"philosophers", "deadlock", {}},
        {"bounded_buffer", "deadlock", {}},
        {"lazy", "assertion failed", {}},
        {"double_checked", "assertion failed", {}},
        {"last_reference", "use after free", {}},
        {"aba_stack", "assertion failed", {}},
        {"upgrade", "deadlock", {}},
    };
    return all;
}

hunt hunt_bug(const buggy_program& program, const std::string& sampler, uint64_t seeds,
              uint64_t executions_max) {
    const std::string text =
        in_child([&] { return hunt_here(program, sampler, seeds, executions_max); });
    hunt h;
    std::istringstream in(text);
    for (uint64_t n = 0; in >> n;) {
        h.executions.push_back(n);
    }
    if (h.executions.size() != seeds) {
        h.error = text;
    }
    return h;
}

}  // namespace sim::test
