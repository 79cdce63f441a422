#include "scenarios/runner/race.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/lang/parse.h"
#include "scenarios/runner/child.h"
#include "scenarios/runner/model_build.h"
#include "scenarios/runner/progress_line.h"
#include "scenarios/runner/resolve.h"
#include "scenarios/runner/search.h"
#include "scenarios/runner/values.h"
#include "scenarios/runner/variant_run.h"
#include "sim/trace/finding_kinds.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The service contexts of a router (model/kern/cpu.h).
std::vector<std::string> services_of(uint32_t cpus) {
    std::vector<std::string> names = {"smr", "softclock", "systq"};
    for (uint32_t n = 0; n < std::min(cpus, 4U); ++n) {
        names.push_back("softnet" + std::to_string(n));
    }
    return names;
}

parse_options options_of_machine() {
    parse_options o;
    o.commands = {"ifconfig", "route", "arp",        "sysctl",  "pfctl",   "pf",
                  "socket",   "send",  "recv",       "listen",  "connect", "accept",
                  "shutdown", "close", "ping",       "netstat", "state",   "wire",
                  "join",     "leave", "setsockopt", "reinject"};
    o.strategies = {"bounded", "dfs", "exhaustive", "optimal",  "random",
                    "pct",     "pos", "surw",       "portfolio"};
    o.bug_kinds.clear();
    for (const sim::finding_row& row : sim::finding_rows) {
        o.bug_kinds.emplace_back(row.word);
    }
    o.service_contexts = services_of;
    o.read_file = read_file;
    return o;
}

std::string folder_of(const script& s) {
    fs::path folder = fs::path(s.texts.name(0)).parent_path();
    return folder.empty() ? "." : folder.string();
}

const variant* find_or_null(const std::vector<variant>& list, const std::string& name) {
    for (const variant& v : list) {
        if (v.name.text == name) {
            return &v;
        }
    }
    return nullptr;
}

// A regime without a block is one that the project knows.
void append_known_regime(const variant* v, std::vector<std::string>& patches) {
    if (v != nullptr && v->patches.empty()) {
        patches.push_back(known_regime_patch(v->name.text));
    }
}

void append_patches(const script& s, const variant* v, std::vector<std::string>& patches) {
    if (v != nullptr) {
        for (const word& p : v->patches) {
            patches.push_back((fs::path(folder_of(s)) / p.text).string());
        }
    }
}

}  // namespace

std::vector<std::string> patches_of(const script& s, const explore_request& request,
                                    const variant_choice& v) {
    std::vector<std::string> patches;
    append_patches(s, find_or_null(s.regimes, v.regime), patches);
    append_known_regime(find_or_null(s.regimes, v.regime), patches);
    if (v.variant == patched_name) {
        patches.insert(patches.end(), request.patches.begin(), request.patches.end());
    } else {
        append_patches(s, find_or_null(s.variants, v.variant), patches);
    }
    return patches;
}

namespace {

// The module of a variant under a regime; made if it is not there.
bool make_module(const script& s, const explore_request& request, variant_choice& v,
                 std::string& error, const progress_observer& observer = nullptr) {
    const auto tell = [&](const std::string& what) {
        if (observer) {
            progress p;
            p.variant = v.name();
            p.making = what;
            observer(p);
        }
    };
    return model_module(v.module_name(), patches_of(s, request, v), v.module, error, tell);
}

variant_report failed(const variant_choice& v, std::string error) {
    variant_report r;
    r.name = v.name();
    r.verdict = "inconclusive";
    r.error = std::move(error);
    r.as_expected = false;
    return r;
}

// A variant on its way from a choice to a report.
struct variant_work {
    variant_choice choice;
    variant_report report;
    bool reported = false;
    std::string problem;  // with its module, or with what its process said
};

int explore_and_send(const script& s, const variant_work& w, const explore_request& request,
                     const line_sender& sender) {
    auto tell = [&](const progress& p) {
        sender.send(progress_line(p));
        return !stop_requested();
    };
    sender.send("report " + serialize(explore_here(s, w.choice, request, tell)));
    return 0;
}

bool take_line(const std::string& line, variant_work& w, const progress_observer& observer) {
    if (line.rfind("report ", 0) == 0) {
        w.reported = deserialize(line.substr(7), w.report, w.problem);
        return true;
    }
    progress p;
    return !observer || !parse_progress_line(line, p) || observer(p);
}

// Variants side by side are one process each; the optimal strategy shares out the work on one among all.
unsigned at_once(const script& s, const explore_request& request) {
    return search(s, request).in_units() ? 1 : std::max(request.jobs, 1U);
}

// Those that were begun before Ctrl-C, in the given order.
std::vector<variant_report> explore_each(const script& s,
                                         const std::vector<variant_choice>& choices,
                                         const explore_request& request,
                                         const progress_observer& observer) {
    std::vector<variant_report> reports;
    if (choices.empty() || stop_requested()) {
        return reports;
    }
    std::vector<variant_work> works(choices.size());
    std::vector<child_job> jobs(choices.size());
    for (size_t i = 0; i < choices.size(); ++i) {
        variant_work& w = works[i];
        w.choice = choices[i];
        jobs[i].prepare = [&] { return make_module(s, request, w.choice, w.problem, observer); };
        jobs[i].ahead = [&] {
            variant_choice same = w.choice;
            std::string ignored;
            (void)make_module(s, request, same, ignored);
        };
        jobs[i].body = [&](const line_sender& sender) {
            return explore_and_send(s, w, request, sender);
        };
        jobs[i].on_line = [&](const std::string& line) { return take_line(line, w, observer); };
    }
    run_in_children(jobs, at_once(s, request));
    for (size_t i = 0; i < jobs.size(); ++i) {
        variant_work& w = works[i];
        if (w.reported) {
            reports.push_back(std::move(w.report));
        } else if (jobs[i].started) {
            reports.push_back(failed(
                w.choice, "the process that explored it " + describe(jobs[i].end) + w.problem));
        } else if (!w.problem.empty()) {
            reports.push_back(failed(w.choice, w.problem));
        }
    }
    return reports;
}

bool wanted(const explore_request& request, const std::string& name) {
    return request.variants.empty() || std::find(request.variants.begin(), request.variants.end(),
                                                 name) != request.variants.end();
}

// Named with its values, or without: then with all of them.
bool wanted(const explore_request& request, const variant_choice& v) {
    return wanted(request, v.name()) || wanted(request, v.module_name());
}

// What the file expects something of, in its order; without regimes first.
std::vector<variant_choice> expected_choices(const script& s, bool with_regimes) {
    std::vector<variant_choice> list;
    auto add = [&](const std::string& variant, const std::string& regime) {
        for (const variant_choice& v : list) {
            if (v.variant == variant && v.regime == regime) {
                return;
            }
        }
        list.push_back({variant, regime, "", "", ""});
    };
    for (const expect_block& block : s.expects) {
        for (const word& v : block.variants) {
            if (block.regimes.empty()) {
                add(v.text, "");
            }
        }
    }
    for (const expect_block& block : s.expects) {
        for (const word& v : block.variants) {
            for (const word& r : block.regimes) {
                if (with_regimes) {
                    add(v.text, r.text);
                }
            }
        }
    }
    return list;
}

// VARIANT [with VALUES] [under REGIME] [in SCHEDULE]
variant_choice choice_named(const std::string& name) {
    variant_choice v;
    size_t in = name.find(" in ");
    v.schedule = in == std::string::npos ? "" : name.substr(in + 4);
    std::string rest = name.substr(0, in);
    size_t at = rest.find(" under ");
    v.regime = at == std::string::npos ? "" : rest.substr(at + 7);
    rest = rest.substr(0, at);
    size_t with = rest.find(" with ");
    v.variant = rest.substr(0, with);
    v.values = with == std::string::npos ? "" : rest.substr(with + 6);
    return v;
}

bool has_schedule(const script& s, const std::string& name) {
    return std::any_of(s.schedules.begin(), s.schedules.end(),
                       [&](const schedule& one) { return one.name.text == name; });
}

// The file as one of its scenarios.
bool load_values(const std::string& path, const parameter_values& values, script& s,
                 std::string& error) {
    std::optional<std::string> text = read_file(path);
    if (!text) {
        error = fmt::format("heddle: cannot read {}\n", path);
        return false;
    }
    parse_options options = options_of_machine();
    options.parameters = values;
    parse_result parsed = parse(*text, path, options);
    if (!parsed.ok()) {
        error = render(parsed.errors);
        return false;
    }
    std::string module;
    if (!model_module("fixed", {}, module, error)) {
        return false;
    }
    std::unique_ptr<sim::symbols> subject = sim::symbols::open_or_null(module, error);
    if (subject == nullptr) {
        return false;
    }
    std::vector<diagnostic> problems = resolve(parsed.value, folder_of(parsed.value), *subject);
    if (!problems.empty()) {
        error = render(problems);
        return false;
    }
    s = std::move(parsed.value);
    return true;
}

std::vector<variant_choice> choices_explored(const script& s, const std::string& values,
                                             const explore_request& request) {
    std::vector<variant_choice> choices;
    auto add = [&](variant_choice v) {
        v.values = values;
        if (wanted(request, v)) {
            choices.push_back(v);
        }
    };
    if (!request.patches.empty()) {
        add({patched_name, "", "", "", ""});
    }
    if (choices.empty() || !request.variants.empty()) {
        for (const variant_choice& v : expected_choices(s, false)) {
            add(v);
        }
        // Regimes are the ladder's; here only those that were asked for by name.
        for (const variant_choice& v : expected_choices(s, true)) {
            if (!v.regime.empty() && !request.variants.empty()) {
                add(v);
            }
        }
    }
    return choices;
}

std::vector<variant_choice> steps_of_ladder(const script& s, const std::string& values,
                                            const explore_request& request) {
    std::vector<variant_choice> steps = expected_choices(s, true);
    if (!request.patches.empty() && request.variants.empty()) {
        steps = {{patched_name, "", "", "", ""}};
        for (const variant& regime : s.regimes) {
            steps.push_back({patched_name, regime.name.text, "", "", ""});
        }
    }
    for (variant_choice& v : steps) {
        v.values = values;
    }
    std::erase_if(steps, [&](const variant_choice& v) {
        return !wanted(request, {v.variant, "", "", "", values});
    });
    return steps;
}

// Each scenario that the file is, one after the other.
template <typename Choices>
report explore_all(const script& s, Choices&& choices_of, const explore_request& request,
                   const progress_observer& observer) {
    report r;
    r.scenario = s.name.text;
    for (const parameter_values& values : values_of(s)) {
        const std::string text = text_of(s, values);
        script one;
        std::string error;
        if (!text.empty() && !load_values(s.texts.name(0), values, one, error)) {
            r.variants.push_back(failed({"fixed", "", "", "", text}, error));
            continue;
        }
        const script& scenario = text.empty() ? s : one;
        for (variant_report& v :
             explore_each(scenario, choices_of(scenario, text, request), request, observer)) {
            r.variants.push_back(std::move(v));
        }
    }
    return r;
}

}  // namespace

bool load_race(const std::string& path, script& s, std::string& error, const std::string& variant) {
    parameter_values values;
    const std::string text = choice_named(variant).values;
    if (!parse_values(text, values)) {
        error = fmt::format("'{}': '{}' are no values of parameters: n=1,k=2", variant, text);
        return false;
    }
    if (!load_values(path, values, s, error)) {
        return false;
    }
    if (!values.empty()) {
        return true;
    }
    if (combinations_of(s) > combinations_max) {
        error = fmt::format(
            "{}: its parameters have more than {} combinations of values; `param n 1..3 value 2` "
            "chooses one",
            path, combinations_max);
        return false;
    }
    const std::vector<parameter_values> all = values_of(s);
    for (size_t i = 1; i < all.size(); ++i) {
        script other;
        if (!load_values(path, all[i], other, error)) {
            error = fmt::format("with {}:\n{}", text_of(s, all[i]), error);
            return false;
        }
    }
    return true;
}

report explore_race(const script& s, const explore_request& request,
                    const progress_observer& observer) {
    return explore_all(s, choices_explored, request, observer);
}

report ladder(const script& s, const explore_request& request, const progress_observer& observer) {
    return explore_all(s, steps_of_ladder, request, observer);
}

bool variant_of_token(const script& s, const explore_request& request, const sim::token& token,
                      variant_choice& v, std::string& error) {
    v = choice_named(token.variant);
    if (v.variant == patched_name && request.patches.empty()) {
        error = fmt::format("token: it is about {} with a patch: name it with --patch FILE",
                            s.name.text);
        return false;
    }
    if ((v.variant != "fixed" && v.variant != patched_name &&
         find_or_null(s.variants, v.variant) == nullptr) ||
        (!v.regime.empty() && find_or_null(s.regimes, v.regime) == nullptr) ||
        (!v.schedule.empty() && !has_schedule(s, v.schedule))) {
        error = fmt::format("token: {} has no variant '{}'", s.name.text, token.variant);
        return false;
    }
    return make_module(s, request, v, error);
}

bool replay_race(const script& s, const explore_request& request, const std::string& text,
                 sim::trace& t, std::string& drift, std::string& error) {
    sim::token token;
    if (!sim::parse_token(text, token, error)) {
        return false;
    }
    variant_choice v;
    if (!variant_of_token(s, request, token, v, error)) {
        return false;
    }
    std::string collected;
    child_end end = run_in_child(
        [&](const line_sender& sender) {
            sim::trace made;
            std::string child_drift;
            std::string child_error;
            if (!replay_here(s, v, request, token, made, child_drift, child_error)) {
                sender.send("error " + child_error.substr(0, child_error.find('\n')));
                return 2;
            }
            std::ostringstream out;
            write_trace(made, out);
            std::istringstream lines(out.str());
            for (std::string line; std::getline(lines, line);) {
                sender.send("trace " + line);
            }
            sender.send("drift " + child_drift);
            return 0;
        },
        [&](const std::string& line) {
            if (line.rfind("trace ", 0) == 0) {
                collected += line.substr(6) + "\n";
            } else if (line.rfind("drift ", 0) == 0) {
                drift = line.substr(6);
            } else if (line.rfind("error ", 0) == 0) {
                error = line.substr(6);
            }
            return true;
        },
        child_output::shown);
    if (!error.empty()) {
        return false;
    }
    std::istringstream in(collected);
    if (end.died() || !read_trace(in, t, error)) {
        error = "the process that replayed it " + describe(end) + " " + error;
        return false;
    }
    return true;
}

}  // namespace scenario
