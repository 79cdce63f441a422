#include "scenarios/command/execution.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "scenarios/runner/program.h"
#include "sim/explore/token.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

// A token of one subject says nothing about another.
[[nodiscard]] bool belongs(const subject& s, const std::string& token, std::string& error) {
    sim::token parsed;
    if (!sim::parse_token(token, parsed, error)) {
        return false;
    }
    const std::string file = fs::path(s.path).filename().string();
    const std::string stem = fs::path(s.path).stem().string();
    const bool same = parsed.subject == file || parsed.subject == stem ||
                      (s.race && parsed.subject == s.text.name.text);
    if (!same) {
        error = fmt::format("the token is about {}, not about {}", parsed.subject, file);
    }
    return same;
}

}  // namespace

bool replay_token(const std::string& x, const std::string& token, const explore_request& request,
                  const std::vector<std::string>& subject_arguments, execution& e,
                  std::string& error) {
    // A wrong token is said first: without it nothing else makes sense.
    sim::token parsed;
    subject s;
    if (!sim::parse_token(token, parsed, error)) {
        return false;
    }
    const bool found =
        x.empty() ? find_subject_of_token(token, s, error) : find_subject(x, s, error);
    if (!found || (s.race && !load_race(s.path, s.text, error, parsed.variant)) ||
        !belongs(s, token, error)) {
        return false;
    }
    return s.race
               ? replay_race(s.text, request, token, e.trace, e.drift, error)
               : replay_program(s.path, subject_arguments, request, token, e.trace, e.drift, error);
}

bool sort_words(std::string& x, std::string& token) {
    if (token.empty() && looks_like_token(x)) {
        std::swap(x, token);
    }
    return !token.empty();
}

bool agrees(const std::string& variant, const std::string& token, std::string& error) {
    sim::token parsed;
    if (variant.empty()) {
        return true;
    }
    if (sim::parse_token(token, parsed, error) && parsed.variant != variant) {
        error = fmt::format("the token is about variant {}, not about {}", parsed.variant, variant);
    }
    return error.empty();
}

bool open_token(const std::string& x, const std::string& token, const explore_request& request,
                const std::vector<std::string>& subject_arguments, subject& s, token_source& source,
                std::string& error) {
    if (!sim::parse_token(token, source.token, error)) {
        return false;
    }
    const bool found =
        x.empty() ? find_subject_of_token(token, s, error) : find_subject(x, s, error);
    if (!found || (s.race && !load_race(s.path, s.text, error, source.token.variant)) ||
        !belongs(s, token, error)) {
        return false;
    }
    source.request = request;
    source.program = {s.path, subject_arguments};
    source.race = s.race ? &s.text : nullptr;
    return !s.race || variant_of_token(s.text, request, source.token, source.variant, error);
}

bool take_execution(const std::string& what, const std::string& x, const explore_request& request,
                    const std::vector<std::string>& subject_arguments, execution& e,
                    std::string& error) {
    std::error_code none;
    if (!fs::exists(what, none)) {
        if (looks_like_token(what)) {
            return replay_token(x, what, request, subject_arguments, e, error);
        }
        error = what + ": no such file, and not a token (h1/SUBJECT/VARIANT/CHOICES)";
        return false;
    }
    std::ifstream in(what, std::ios::binary);
    if (!in || !sim::read_trace(in, e.trace, error)) {
        error = fmt::format("{}: {}", what, error.empty() ? "cannot be read" : error);
        return false;
    }
    return true;
}

std::string again_command(const invocation& line, const std::string& x, const std::string& token,
                          const std::string& options, const std::string& verb) {
    std::string out =
        line.command + " " + verb + (x.empty() ? "" : " " + x) + " " + token + options;
    for (size_t i = 0; i < line.after_dashes.size(); ++i) {
        out += (i == 0 ? " -- " : " ") + line.after_dashes[i];
    }
    return out;
}

}  // namespace scenario
