#include "scenarios/runner/resolve.h"

#include <fmt/format.h>

#include <filesystem>

#include "scenarios/lang/names.h"
#include "scenarios/lang/walk.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

class resolver {
public:
    resolver(const script& s, const std::string& folder, const sim::symbols& subject)
        : script_(s), folder_(folder), subject_(subject) {}

    std::vector<diagnostic> run() {
        for (const outside_name& n : outside_names(script_)) {
            look_up(n);
        }
        for_each_condition(script_, [this](const condition& c) {
            for_each_atom(c, [this](const atom& a) { check_atom(a); });
        });
        for (const expect_block& block : script_.expects) {
            for (const expect_clause& clause : block.clauses) {
                if (clause.kind == clause_kind::always || clause.kind == clause_kind::reach) {
                    add(clause.at, "this kind of expectation cannot be judged yet",
                        "exists, forall, final, a schedule's, no bug, no leak, no deadlock");
                }
            }
        }
        for (const schedule& s : script_.schedules) {
            check_schedule(s);
        }
        return errors_;
    }

private:
    void add(const span& at, const std::string& message, const std::string& hint = "") {
        errors_.push_back(script_.texts.at(at, message, hint));
    }

    void look_up(const outside_name& n) {
        if (n.kind == outside_kind::function) {
            std::vector<const sim::function_symbol*> found =
                subject_.functions_named(n.name.text);
            if (found.empty()) {
                add(n.name.at, fmt::format("the model has no function '{}'", n.name.text),
                    did_you_mean(n.name.text, subject_.near_matches(n.name.text)));
                return;
            }
            bool hooked = false;
            for (const sim::function_symbol* f : found) {
                hooked |= subject_.has_entry_hook(*f);
            }
            if (!hooked) {
                add(n.name.at,
                    fmt::format("entering '{}' cannot be seen: it touches no memory and calls "
                                "nothing", n.name.text),
                    "name the function that calls it");
            }
        }
        if (n.kind == outside_kind::patch && !fs::exists(fs::path(folder_) / n.name.text)) {
            std::vector<std::string> there;
            std::error_code ignored;
            for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
                if (entry.path().extension() == ".patch") {
                    there.push_back(entry.path().filename().string());
                }
            }
            add(n.name.at, fmt::format("there is no patch '{}' beside the scenario", n.name.text),
                did_you_mean(n.name.text, there));
        }
    }

    void check_atom(const atom& a) {
        switch (a.kind) {
            case atom_kind::in_function:
            case atom_kind::refs:
            case atom_kind::got:
            case atom_kind::observable:
                add(a.at, "this cannot be observed yet",
                    "bug, fate, IF > PACKET, count, live, stat, log, ifconfig, route, arp, T blocked, "
                    "done, start");
                break;
            default: break;
        }
    }

    void check_point(const point& p) {
        if (p.kind == point_kind::before || p.kind == point_kind::after ||
            (p.kind == point_kind::done && !p.name.empty())) {
            add(p.at, "schedules cannot stop at labelled statements yet",
                "stop at done, blocked, enter F, leave F, in F touches X, lock X, unlock X, steps N");
        }
        bool narrowed = !p.device.name.empty() || !p.object.empty();
        bool by_object = p.kind == point_kind::touches;
        if (narrowed && !by_object) {
            add(p.at, "dev and obj narrow `in F touches X` only", "use nth N");
        }
    }

    void check_schedule(const schedule& s) {
        for (const run_clause& run : s.runs) {
            for (const point& p : run.until) {
                check_point(p);
            }
        }
        if (!s.orders.empty()) {
            add(s.orders[0].first_context.at, "order constraints cannot be followed yet");
        }
        if (!s.prunes.empty()) {
            add(s.prunes[0].context.at, "prune cannot be followed yet");
        }
    }

    const script& script_;
    const std::string& folder_;
    const sim::symbols& subject_;
    std::vector<diagnostic> errors_;
};

}  // namespace

std::vector<diagnostic> resolve(const script& s, const std::string& folder,
                                const sim::symbols& subject) {
    return resolver(s, folder, subject).run();
}

}  // namespace scenario
