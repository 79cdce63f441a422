#include "scenarios/runner/model_includes.h"

#include <filesystem>
#include <sstream>
#include <string_view>

namespace scenario {
namespace {

// What stands behind the word, "" if that is not a name; false for any other line.
bool parse_include(std::string_view line, std::string& name) {
    const auto skip_blanks = [&] {
        const size_t first = line.find_first_not_of(" \t");
        line.remove_prefix(first == line.npos ? line.size() : first);
    };
    skip_blanks();
    if (!line.starts_with("#")) {
        return false;
    }
    line.remove_prefix(1);
    skip_blanks();
    constexpr std::string_view word = "include";
    if (!line.starts_with(word)) {
        return false;
    }
    line.remove_prefix(word.size());
    skip_blanks();
    name.clear();
    if (line.starts_with('"') || line.starts_with('<')) {
        const size_t end = line.find(line[0] == '"' ? '"' : '>', 1);
        name = line.substr(1, end == line.npos ? end : end - 1);
    }
    return true;
}

// "../net/./if.h" -> "net/if.h"
std::string without_dots(const std::string& name) {
    std::string path = std::filesystem::path(name).lexically_normal().string();
    while (path.starts_with("../")) {
        path.erase(0, 3);
    }
    return path;
}

}  // namespace

include_graph::include_graph(const model_tree& tree) {
    for (const auto& [name, file] : tree) {
        std::vector<std::string>& reads = direct_[name];
        std::istringstream in(file.text);
        std::string included;
        for (std::string line; std::getline(in, line);) {
            if (!parse_include(line, included)) {
                continue;
            }
            const std::string ending = without_dots(included);
            for (const auto& [candidate, ignored] : tree) {
                if (ending.empty() || candidate == ending || candidate.ends_with("/" + ending)) {
                    reads.push_back(candidate);
                }
            }
        }
    }
}

std::set<std::string> include_graph::read_by(const std::string& name) const {
    std::set<std::string> found = {name};
    std::vector<std::string> open = {name};
    while (!open.empty()) {
        const auto reads = direct_.find(open.back());
        open.pop_back();
        if (reads == direct_.end()) {
            continue;
        }
        for (const std::string& next : reads->second) {
            if (found.insert(next).second) {
                open.push_back(next);
            }
        }
    }
    return found;
}

}  // namespace scenario
