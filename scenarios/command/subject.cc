#include "scenarios/command/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/runner/race.h"
#include "sim/explore/token.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

constexpr const char* races_here = "scenarios/races";

std::vector<std::string> race_files(const fs::path& folder) {
    std::vector<std::string> files;
    std::error_code none;
    for (fs::recursive_directory_iterator at(folder, none), end; at != end; at.increment(none)) {
        if (at->path().extension() == ".race") {
            files.push_back(at->path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Those of the current folder, so that a checkout sees its own; else those of the source tree.
std::vector<std::string> all_race_files() {
    std::vector<std::string> files = race_files(races_here);
    return files.empty() ? race_files(HEDDLE_RACES) : files;
}

std::string stem_of(const std::string& path) {
    return fs::path(path).stem().string();
}

// Races whose file is called so, with or without .race.
std::vector<std::string> races_named(const std::string& name) {
    std::vector<std::string> found;
    for (const std::string& path : all_race_files()) {
        if (stem_of(path) == name || fs::path(path).filename() == name) {
            found.push_back(path);
        }
    }
    return found;
}

bool is_source(const fs::path& path) {
    for (const char* ending : {".c", ".cc", ".cpp", ".cxx"}) {
        if (path.extension() == ending) {
            return true;
        }
    }
    return false;
}

bool check_file(const std::string& path, subject& s, std::string& error) {
    if (fs::is_directory(path)) {
        error = path + " is a folder";
        return false;
    }
    if (is_source(path)) {
        error = fmt::format("{0} is source text; first make it a subject: heddle cc -o {1}.so {0}",
                            path, stem_of(path));
        return false;
    }
    s.path = path;
    s.race = fs::path(path).extension() == ".race";
    return true;
}

}  // namespace

std::vector<known_race> known_races() {
    std::vector<known_race> all;
    for (const std::string& path : all_race_files()) {
        script s;
        std::string mistakes;
        const bool right = load_race(path, s, mistakes);
        all.push_back({path, stem_of(path),
                       right ? s.description.text : "has mistakes: heddle check " + path});
    }
    return all;
}

bool find_subject(const std::string& word, subject& s, std::string& error) {
    std::error_code none;
    if (fs::exists(word, none)) {
        return check_file(word, s, error);
    }
    const std::vector<std::string> found = races_named(word);
    if (found.size() == 1) {
        return check_file(found[0], s, error);
    }
    if (found.size() > 1) {
        error = fmt::format("'{}' may be {} or {}", word, found[0], found[1]);
        return false;
    }
    std::vector<std::string> names;
    for (const std::string& path : all_race_files()) {
        names.push_back(stem_of(path));
    }
    const std::string near = hint(stem_of(word), names);
    error = fmt::format("{}: no such file, and no race of that name{}{}", word,
                        near.empty() ? "" : "; ", near);
    return false;
}

bool open_subject(const std::string& word, subject& s, std::string& error) {
    return find_subject(word, s, error) && (!s.race || load_race(s.path, s.text, error));
}

bool find_subject_of_token(const std::string& token, subject& s, std::string& error) {
    sim::token parsed;
    if (!sim::parse_token(token, parsed, error)) {
        return false;
    }
    if (!find_subject(parsed.subject, s, error)) {
        error = fmt::format("the token is about {}, which is not found here: name its file",
                            parsed.subject);
        return false;
    }
    return true;
}

bool looks_like_token(const std::string& word) {
    const size_t slash = word.find('/');
    return word.size() > 1 && word[0] == 'h' && slash != std::string::npos && slash > 1 &&
           std::all_of(word.begin() + 1, word.begin() + static_cast<std::ptrdiff_t>(slash),
                       [](char c) { return c >= '0' && c <= '9'; });
}

std::string hint(const std::string& word, const std::vector<std::string>& known) {
    return known.empty() ? "" : did_you_mean(word, known);
}

}  // namespace scenario
