#include "test/sim/explored.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cinttypes>
#include <cstdio>
#include <memory>
#include <set>

#include "sim/explore/bounded.h"
#include "sim/explore/counted.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/explorer.h"
#include "sim/explore/graph_search.h"
#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/machine/spin.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

std::unique_ptr<strategy> make(const std::string& name) {
    if (name == "random") {
        return std::make_unique<random_strategy>(1);
    }
    if (name == "optimal") {
        return std::make_unique<optimal_strategy>();
    }
    if (name.rfind("optimal ", 0) == 0) {
        return std::make_unique<optimal_strategy>(std::stoul(name.substr(8)));
    }
    for (const memory_model m : {memory_model::sc, memory_model::tso, memory_model::c11}) {
        if (name == std::string("graph ") + name_of(m)) {
            chosen_memory = m;
            return std::make_unique<graph_search>();
        }
    }
    if (name.rfind("bounded ", 0) == 0) {
        return std::make_unique<bounded_strategy>(std::stoul(name.substr(8)));
    }
    return std::make_unique<exhaustive_strategy>();
}

}  // namespace

std::string explored(const std::string& path, const exploration& how) {
    return in_child([&] {
        simulation_options options;
        options.checks = how.checkers ? uint32_t{check_all} : 0;
        options.compare = how.compare;
        options.deep = how.deep;
        options.limits.steps_max = how.steps_max;
        simulation subject(options);
        std::string error;
        if (!subject.load(path, error)) {
            return "load: " + error;
        }
        dependence = how.dependence;
        spin_looks = how.spins;
        std::vector<std::string> words = {"program"};
        words.insert(words.end(), how.arguments.begin(), how.arguments.end());
        subject.set_contexts({program_main(words)});
        subject.take_snapshot();
        std::unique_ptr<strategy> s = make(how.strategy);
        // Hosts compute: what the subject sees of floating point must not depend on it.
        volatile double three = 3;
        volatile double third = 1 / three;
        (void)third;
        explore_limits limits;
        limits.executions_max = how.executions_max;
        explore_result r = explore(subject, *s, limits);
        std::set<std::string> kinds;
        for (const found_case& f : r.found) {
            kinds.insert(name_of(f.what.kind));
        }
        std::string found;
        for (const std::string& kind : kinds) {
            found += (found.empty() ? "" : ", ") + kind;
        }
        const auto* graphs = dynamic_cast<const graph_search*>(s.get());
        const uint64_t blocked = r.pruned - (graphs != nullptr ? graphs->executions_in_vain() : 0);
        return fmt::format("executions {}, blocked {}, deadlocked {}, {}: {}", r.executions,
                           blocked, r.deadlocked, r.complete ? "complete" : "not complete",
                           found.empty() ? "none" : found);
    });
}

counts explored_counts(const std::string& path, const exploration& how) {
    counts c;
    c.text = explored(path, how);
    int end = 0;
    if (std::sscanf(c.text.c_str(),
                    "executions %" SCNu64 ", blocked %" SCNu64 ", deadlocked %" SCNu64 ", %n",
                    &c.executions, &c.given_up, &c.deadlocked, &end) == 3) {
        const std::string rest = c.text.substr(static_cast<size_t>(end));
        c.complete = rest.rfind("complete: ", 0) == 0;
        c.found = rest.substr(rest.find(": ") + 2);
    }
    return c;
}

std::string traces_within(const std::string& path, uint32_t bound) {
    return in_child([&] {
        simulation subject;
        std::string error;
        if (!subject.load(path, error)) {
            return "load: " + error;
        }
        dependence = dependence_mode::plain;
        subject.set_contexts({program_main({"program"})});
        subject.take_snapshot();
        bounded_strategy rounds(bound);
        counted_strategy counted(rounds, rounds);
        const explore_result r = explore(subject, counted, {});
        const trace_counter& c = counted.counter();
        return !r.complete || c.traces() + c.redundant() != r.executions
                   ? fmt::format("{} traces, {} again, {} executions", c.traces(), c.redundant(),
                                 r.executions)
                   : fmt::format("{}", fmt::join(counted.traces_within(), " "));
    });
}

}  // namespace sim::test
