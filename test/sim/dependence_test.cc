// Every program of test/programs: what is found, and where, does not depend on whether operations may commute
// by their meaning.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "sim/dependence.h"
#include "sim/explore/bounded.h"
#include "sim/explore/explorer.h"
#include "sim/explore/optimal.h"
#include "sim/machine/machine.h"
#include "test/budget.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

constexpr uint64_t accesses_max = 10'000'000;  // an endless loop is found sooner
constexpr int shards = 16;

// Names of all subjects of the build; one compiler's are enough within the budget.
std::vector<std::string> programs(int shard) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_SUBJECT_DIR)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("race_host_counter")) {
            continue;  // what it does depends on a count that no snapshot has: nothing can be compared
        }
        if (name.ends_with(".g++.so") || (full_budget() && name.ends_with(".clang++.so"))) {
            names.insert(name);
        }
    }
    std::vector<std::string> mine;
    int at = 0;
    for (const std::string& name : names) {
        if (at++ % shards == shard) {
            mine.push_back(name);
        }
    }
    return mine;
}

// How far a search went, and what it found.
struct outcome {
    bool complete = false;
    std::string found;
};

std::string text_of(const explore_result& r) {
    std::set<std::string> found;
    for (const found_case& f : r.found) {
        // Which of two accesses came second is a matter of the order.
        const auto [first, second] = std::minmax(f.what.pc, f.what.other_pc);
        found.insert(fmt::format("{} at {:#x} and {:#x}", name_of(f.what.kind), first, second));
    }
    std::string text;
    for (const std::string& f : found) {
        text += f + "\n";
    }
    return text;
}

// bound -1: all of it.
outcome search(const std::string& name, dependence_mode mode, int bound, uint64_t executions_max) {
    const std::string said = in_child([&]() -> std::string {
        simulation_options options;
        options.limits.accesses_max = accesses_max;
        options.limits.steps_max = 5000;
        simulation machine(options);
        std::string error;
        if (!machine.load(std::string(HEDDLE_SUBJECT_DIR) + "/" + name, error)) {
            return "load: " + error;
        }
        dependence = mode;
        machine.set_contexts({program_main({"program"})});
        machine.take_snapshot();
        explore_limits limits;
        limits.executions_max = executions_max;
        std::unique_ptr<strategy> s;
        if (bound < 0) {
            s = std::make_unique<optimal_strategy>();
        } else {
            s = std::make_unique<bounded_strategy>(static_cast<uint32_t>(bound));
        }
        const explore_result r = explore(machine, *s, limits);
        return (r.complete ? "+" : "-") + text_of(r);
    });
    outcome o;
    o.complete = said.front() == '+';
    o.found = said.substr(1);
    EXPECT_TRUE(said.front() == '+' || said.front() == '-') << name << ": " << said;
    return o;
}

class SameUnderPlain : public testing::TestWithParam<int> {};

// The largest search that is finished: everything, else within some bound; of what is still larger, the begin.
TEST_P(SameUnderPlain, IsFoundInThePrograms) {
    const uint64_t executions_max = full_budget() ? 200'000 : 300;
    const std::vector<std::string> all = programs(GetParam());
    ASSERT_FALSE(all.empty());
    for (const std::string& name : all) {
        for (int bound : {-1, 1, 0}) {
            const outcome plain = search(name, dependence_mode::plain, bound, executions_max);
            if (!plain.complete && bound != 0) {
                continue;
            }
            const outcome refined = search(name, dependence_mode::refined, bound, executions_max);
            EXPECT_EQ(plain.found, refined.found) << name << ", bound " << bound;
            break;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, SameUnderPlain, testing::Range(0, shards));

}  // namespace

}  // namespace sim::test
