#include "scenarios/command/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <deque>

#include "scenarios/lang/source.h"

namespace scenario {

namespace {

constexpr size_t help_column = 30;

struct shown_option {
    std::string names;  // "-n, --executions N"; a heading has no help
    std::string help;
    bool heading = false;
};

// A value that is checked after the line was taken apart, so that the complaint is ours.
struct bound_value {
    std::string name;
    std::vector<std::string> typed;  // one, or each that was given
    std::function<std::optional<std::string>(const std::string&)> set;  // returns a complaint
};

// "-n,--executions" -> "--executions".
std::string long_name(const std::string& names) {
    return names.substr(names.find("--") == std::string::npos ? 0 : names.find("--"));
}

std::string shown_names(const std::string& names, const std::string& value) {
    const size_t comma = names.find(',');
    const std::string both = comma == std::string::npos
                                 ? (names.rfind("--", 0) == 0 ? "    " + names : names)
                                 : names.substr(0, comma) + ", " + names.substr(comma + 1);
    return value.empty() ? both : both + " " + value;
}

std::string unknown_choice(const std::string& name, const std::string& typed,
                           const std::vector<std::string>& known) {
    return fmt::format("{} does not know '{}'; {}", name, typed, did_you_mean(typed, known));
}

}  // namespace

struct arguments::parts {
    CLI::App app;
    std::vector<shown_option> shown;
    std::vector<std::string> long_names;
    std::deque<bound_value> values;  // addresses stay
    std::vector<std::pair<std::string, std::string*>> required;
};

arguments::arguments(std::string verb, std::string usage, std::string summary,
                     std::vector<std::string> examples)
    : verb_(std::move(verb)),
      usage_(std::move(usage)),
      summary_(std::move(summary)),
      examples_(std::move(examples)),
      parts_(std::make_unique<parts>()) {
    parts_->app.set_help_flag();
    parts_->app.allow_extras();
    parts_->long_names.emplace_back("--help");
}

arguments::~arguments() = default;

void arguments::positional(const std::string& name, std::string& target, const std::string& help,
                           bool required) {
    parts_->app.add_option(name, target);
    parts_->shown.push_back({name, help, false});
    if (required) {
        parts_->required.emplace_back(name, &target);
    }
}

void arguments::flag(const std::string& names, bool& target, const std::string& help) {
    parts_->app.add_flag(names, target);
    parts_->shown.push_back({shown_names(names, ""), help, false});
    parts_->long_names.push_back(long_name(names));
}

void arguments::text(const std::string& names, const std::string& value, std::string& target,
                     const std::string& help) {
    parts_->app.add_option(names, target);
    parts_->shown.push_back({shown_names(names, value), help, false});
    parts_->long_names.push_back(long_name(names));
}

void arguments::texts(const std::string& names, const std::string& value,
                      std::vector<std::string>& target, const std::string& help) {
    // One word each time: what follows is not swallowed.
    parts_->app.add_option(names, target)->expected(1)->take_all();
    parts_->shown.push_back({shown_names(names, value), help, false});
    parts_->long_names.push_back(long_name(names));
}

void arguments::number(const std::string& names, std::optional<uint64_t>& target, uint64_t min,
                       uint64_t max, const std::string& help) {
    const std::string name = long_name(names);
    bound_value& bound = parts_->values.emplace_back();
    bound.name = name;
    bound.set = [=, &target](const std::string& typed) -> std::optional<std::string> {
        uint64_t value = 0;
        const char* end = typed.data() + typed.size();
        const auto [at, error] = std::from_chars(typed.data(), end, value);
        if (error != std::errc() || at != end || value < min || value > max) {
            const std::string range = max == ~0ULL ? fmt::format("a number from {}", min)
                                                   : fmt::format("a number {}..{}", min, max);
            return fmt::format("{} wants {}, not '{}'", name, range, typed);
        }
        target = value;
        return std::nullopt;
    };
    parts_->app.add_option(names, bound.typed)->expected(1);
    parts_->shown.push_back({shown_names(names, "N"), help, false});
    parts_->long_names.push_back(name);
}

void arguments::choice(const std::string& names, const std::vector<std::string>& known,
                       std::string& target, const std::string& help) {
    const std::string name = long_name(names);
    bound_value& bound = parts_->values.emplace_back();
    bound.name = name;
    bound.set = [=, &target](const std::string& typed) -> std::optional<std::string> {
        if (std::find(known.begin(), known.end(), typed) == known.end()) {
            return unknown_choice(name, typed, known);
        }
        target = typed;
        return std::nullopt;
    };
    parts_->app.add_option(names, bound.typed)->expected(1);
    std::string value;
    for (const std::string& k : known) {
        value += (value.empty() ? "" : "|") + k;
    }
    parts_->shown.push_back({shown_names(names, value), help, false});
    parts_->long_names.push_back(name);
}

void arguments::choices(const std::string& names, const std::string& value,
                        const std::vector<std::string>& known, std::vector<std::string>& target,
                        const std::string& help) {
    const std::string name = long_name(names);
    bound_value& bound = parts_->values.emplace_back();
    bound.name = name;
    bound.set = [=, &target](const std::string& typed) -> std::optional<std::string> {
        if (std::find(known.begin(), known.end(), typed) == known.end()) {
            return unknown_choice(name, typed, known);
        }
        target.push_back(typed);
        return std::nullopt;
    };
    parts_->app.add_option(names, bound.typed)->expected(1)->take_all();
    parts_->shown.push_back({shown_names(names, value), help, false});
    parts_->long_names.push_back(name);
}

void arguments::group(const std::string& title) {
    parts_->shown.push_back({title, "", true});
}

std::string arguments::help() const {
    std::string out;
    for (const std::string& example : examples_) {
        out += "  " + example + "\n";
    }
    out += fmt::format("\nusage: heddle {} {}\n\n{}\n\n", verb_, usage_, summary_);
    for (const shown_option& o : parts_->shown) {
        if (o.heading) {
            out += "\n" + o.names + "\n";
        } else if (o.names.size() + 2 < help_column) {
            out += fmt::format("  {:<{}}{}\n", o.names, help_column - 2, o.help);
        } else {
            out += fmt::format("  {}\n{:{}}{}\n", o.names, "", help_column, o.help);
        }
    }
    return out;
}

std::optional<std::string> arguments::convert() const {
    for (const bound_value& v : parts_->values) {
        if (parts_->app.count(v.name) != 0) {
            for (const std::string& typed : v.typed) {
                if (std::optional<std::string> wrong = v.set(typed)) {
                    return wrong;
                }
            }
        }
    }
    for (const auto& [name, target] : parts_->required) {
        if (target->empty()) {
            return name + " is missing";
        }
    }
    return std::nullopt;
}

std::optional<int> arguments::parse(const invocation& line) {
    for (const std::string& word : line.words) {
        if (word == "--help" || word == "-h") {
            std::fputs(help().c_str(), stdout);
            return 0;
        }
    }
    if (line.has_dashes && !subject_arguments_) {
        return wrong_usage(verb_, "has no use for what follows '--'");
    }
    try {
        // CLI11 wants the last word first.
        parts_->app.parse(std::vector<std::string>(line.words.rbegin(), line.words.rend()));
    } catch (const CLI::ArgumentMismatch& e) {
        const std::string what = e.what();
        return wrong_usage(verb_, what.substr(0, what.find(':')) + " wants a value");
    } catch (const CLI::ParseError& e) {
        const std::string what = e.what();
        return wrong_usage(verb_, what.substr(0, what.find('\n')));
    }
    const std::vector<std::string> extra = parts_->app.remaining();
    if (!extra.empty()) {
        if (extra[0].size() > 1 && extra[0][0] == '-') {
            const std::string name = extra[0].substr(0, extra[0].find('='));
            const std::string hint = did_you_mean(name, parts_->long_names);
            return wrong_usage(verb_, fmt::format("unknown option '{}'{}{}", name,
                                                  hint.empty() ? "" : "; ", hint));
        }
        return wrong_usage(verb_, fmt::format("does not expect '{}'", extra[0]));
    }
    if (const std::optional<std::string> wrong = convert()) {
        return wrong_usage(verb_, *wrong);
    }
    return std::nullopt;
}

int wrong_usage(const std::string& verb, const std::string& what) {
    const std::string name = verb.empty() ? "heddle" : "heddle " + verb;
    fmt::print(stderr, "{}: {}\nTry '{} --help'.\n", name, what, name);
    return 2;
}

int complain(const std::string& verb, const std::string& error) {
    const bool rendered = error.find(": error: ") != std::string::npos;
    const std::string end = error.empty() || error.back() == '\n' ? "" : "\n";
    fmt::print(stderr, "{}{}{}", rendered ? "" : "heddle " + verb + ": ", error, end);
    return 2;
}

}  // namespace scenario
