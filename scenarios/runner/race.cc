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
#include "scenarios/runner/variant_run.h"

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

parse_options options_of_machine() {
    parse_options o;
    o.commands = {"ifconfig", "route", "arp", "sysctl"};
    o.strategies = {"bounded", "dfs", "exhaustive", "optimal",  "random",
                    "pct",     "pos", "surw",       "portfolio"};
    o.bug_kinds = {"use-after-free",     "double-free",    "invalid-free",
                   "out-of-bounds",      "wild-access",    "leak",
                   "data-race",          "deadlock",       "crash",
                   "stack-overflow",     "abort",          "assertion",
                   "uncaught-exception", "exit-status",    "endless-loop",
                   "livelock",           "recursive-lock", "unlock-by-non-owner",
                   "invariant"};
    o.service_contexts = {"smr"};
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

void append_patches(const script& s, const variant* v, std::vector<std::string>& patches) {
    if (v != nullptr) {
        for (const word& p : v->patches) {
            patches.push_back((fs::path(folder_of(s)) / p.text).string());
        }
    }
}

// The module of a variant under a regime; made if it is not there.
bool make_module(const script& s, const explore_request& request, variant_choice& v,
                 std::string& error, const progress_observer& observer = nullptr) {
    std::vector<std::string> patches;
    append_patches(s, find_or_null(s.regimes, v.regime), patches);
    if (v.variant == patched_name) {
        patches.insert(patches.end(), request.patches.begin(), request.patches.end());
    } else {
        append_patches(s, find_or_null(s.variants, v.variant), patches);
    }
    return model_module(v.name(), patches, v.module, error, [&](const std::string& what) {
        if (observer) {
            progress p;
            p.variant = v.name();
            p.making = what;
            observer(p);
        }
    });
}

variant_report failed(const variant_choice& v, std::string error) {
    variant_report r;
    r.name = v.name();
    r.verdict = "inconclusive";
    r.error = std::move(error);
    r.as_expected = false;
    return r;
}

variant_report explore_in_child(const script& s, const variant_choice& v,
                                const explore_request& request, const progress_observer& observer) {
    variant_report r;
    bool complete = false;
    std::string problem;
    child_end end = run_in_child(
        [&](const line_sender& sender) {
            auto tell = [&](const progress& p) {
                sender.send(progress_line(p));
                return !stop_requested();
            };
            sender.send("report " + serialize(explore_here(s, v, request, tell)));
            return 0;
        },
        [&](const std::string& line) {
            if (line.rfind("report ", 0) == 0) {
                complete = deserialize(line.substr(7), r, problem);
                return true;
            }
            progress p;
            return !observer || !parse_progress_line(line, p) || observer(p);
        });
    if (!complete) {
        return failed(v, "the process that explored it " + describe(end) + problem);
    }
    return r;
}

variant_report explore_variant(const script& s, variant_choice v, const explore_request& request,
                               const progress_observer& observer) {
    std::string error;
    if (!make_module(s, request, v, error, observer)) {
        return failed(v, error);
    }
    return explore_in_child(s, v, request, observer);
}

bool wanted(const explore_request& request, const std::string& name) {
    return request.variants.empty() || std::find(request.variants.begin(), request.variants.end(),
                                                 name) != request.variants.end();
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
        list.push_back({variant, regime, "", ""});
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

// VARIANT [under REGIME] [in SCHEDULE]
variant_choice choice_named(const std::string& name) {
    variant_choice v;
    size_t in = name.find(" in ");
    v.schedule = in == std::string::npos ? "" : name.substr(in + 4);
    std::string rest = name.substr(0, in);
    size_t at = rest.find(" under ");
    v.variant = rest.substr(0, at);
    v.regime = at == std::string::npos ? "" : rest.substr(at + 7);
    return v;
}

bool has_schedule(const script& s, const std::string& name) {
    return std::any_of(s.schedules.begin(), s.schedules.end(),
                       [&](const schedule& one) { return one.name.text == name; });
}

bool stopped() {
    return stop_requested();
}

}  // namespace

bool load_race(const std::string& path, script& s, std::string& error) {
    std::optional<std::string> text = read_file(path);
    if (!text) {
        error = fmt::format("heddle: cannot read {}\n", path);
        return false;
    }
    parse_result parsed = parse(*text, path, options_of_machine());
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

report explore_race(const script& s, const explore_request& request,
                    const progress_observer& observer) {
    report r;
    r.scenario = s.name.text;
    bool patched = !request.patches.empty() && wanted(request, patched_name);
    if (patched && !stopped()) {
        r.variants.push_back(explore_variant(s, {patched_name, "", "", ""}, request, observer));
    }
    if (patched && request.variants.empty()) {
        return r;
    }
    for (const variant_choice& v : expected_choices(s, false)) {
        if (wanted(request, v.name()) && !stopped()) {
            r.variants.push_back(explore_variant(s, v, request, observer));
        }
    }
    // Regimes are the ladder's; here only those that were asked for by name.
    for (const variant_choice& v : expected_choices(s, true)) {
        if (!v.regime.empty() && !request.variants.empty() && wanted(request, v.name()) &&
            !stopped()) {
            r.variants.push_back(explore_variant(s, v, request, observer));
        }
    }
    return r;
}

report ladder(const script& s, const explore_request& request, const progress_observer& observer) {
    report r;
    r.scenario = s.name.text;
    std::vector<variant_choice> steps = expected_choices(s, true);
    if (!request.patches.empty() && request.variants.empty()) {
        steps = {{patched_name, "", "", ""}};
        for (const variant& regime : s.regimes) {
            steps.push_back({patched_name, regime.name.text, "", ""});
        }
    }
    for (const variant_choice& v : steps) {
        if (wanted(request, v.variant) && !stopped()) {
            r.variants.push_back(explore_variant(s, v, request, observer));
        }
    }
    return r;
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
