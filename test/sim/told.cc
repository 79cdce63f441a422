#include "test/sim/told.h"

#include <fmt/format.h>

#include "sim/explore/explorer.h"
#include "sim/explore/race_label.h"
#include "sim/explore/random.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

std::string text_of(const std::vector<trace_frame>& stack) {
    std::string out;
    for (const trace_frame& f : stack) {
        out += fmt::format("{}{}:{}", out.empty() ? "" : " < ", f.function, f.line);
    }
    return out;
}

std::string text_of(const trace_finding& f) {
    std::string out = fmt::format("{}: {}\n at: | {}\n", f.kind, f.message, text_of(f.stack));
    for (const trace_evidence& e : f.evidence) {
        out += fmt::format(" {}: {} | {}\n", e.label, e.text, text_of(e.stack));
    }
    return out;
}

std::string text_of(simulation& subject, const found_case& f) {
    execution_end end{};
    bool diverged = false;
    const trace t = replay(subject, f.choices, end, diverged);
    for (size_t i = 0; i < g.findings.size(); ++i) {
        if (!g.findings[i].same_as(f.what)) {
            continue;
        }
        std::string out = text_of(t.findings.at(i));
        if (f.what.kind == finding_kind::data_race) {
            const race_label label = label_race(subject, f, [] {});
            out += fmt::format(" effect: {}\n", name_of(label.effect));
        }
        return out;
    }
    return "not found again\n";
}

}  // namespace

std::string told(const std::string& path, const std::vector<std::string>& arguments) {
    return in_child([&] {
        simulation subject;
        std::string error;
        if (!subject.load(path, error)) {
            return "load: " + error;
        }
        std::vector<std::string> all = arguments;
        all.insert(all.begin(), "program");
        subject.set_contexts({program_main(all)});
        subject.take_snapshot();
        random_strategy s(1);
        explore_limits limits;
        limits.executions_max = 200;
        explore_result r = explore(subject, s, limits);
        sort_cases(r.found);
        std::string out = r.found.empty() ? "none\n" : "";
        for (const found_case& f : r.found) {
            out += text_of(subject, f);
        }
        return out;
    });
}

}  // namespace sim::test
