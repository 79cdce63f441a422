#include "scenarios/runner/model_manifest.h"

#include <fmt/core.h>

#include <sstream>
#include <string_view>

#include "scenarios/runner/model_tree.h"

namespace scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_line = "heddle model manifest 1";

// False: nobody knows the word, or it stands where it makes no sense.
bool take_line(const std::string& word, const std::string& value, model_manifest& manifest) {
    const std::map<std::string_view, std::string*> texts = {{"root", &manifest.root},
                                                            {"cache", &manifest.cache},
                                                            {"compiler", &manifest.compiler},
                                                            {"slot", &manifest.slot},
                                                            {"tool", &manifest.tool}};
    if (const auto text = texts.find(word); text != texts.end()) {
        *text->second = value;
    } else if (word == "flag") {
        manifest.flags.push_back(value);
    } else if (word == "link_flag") {
        manifest.link_flags.push_back(value);
    } else if (word == "source") {
        manifest.sources.push_back({value, ""});
    } else if (word == "object" && !manifest.sources.empty()) {
        manifest.sources.back().object = value;
    } else if (const size_t blank = value.find(' '); word == "sum" && blank != value.npos) {
        manifest.sums[value.substr(blank + 1)] = value.substr(0, blank);
    } else {
        return false;
    }
    return true;
}

}  // namespace

std::string manifest_of_this_command() {
    std::error_code ignored;
    const fs::path top = fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path();
    return top / "lib" / "heddle" / "model.manifest";
}

bool read_manifest(const std::string& path, model_manifest& manifest, std::string& error) {
    manifest = {};
    manifest.module = fs::path(path).replace_extension(".so");
    std::error_code failure;
    manifest.written = fs::last_write_time(path, failure);
    std::string text;
    if (failure || !read_text(path, text)) {
        error = fmt::format("{}: {}; it is written when the model is built", path,
                            failure ? failure.message() : "cannot be read");
        return false;
    }
    std::istringstream lines(text);
    std::string line;
    for (size_t number = 1; std::getline(lines, line); ++number) {
        const size_t blank = line.find(' ');
        const bool good =
            number == 1 ? line == first_line
                        : blank != line.npos &&
                              take_line(line.substr(0, blank), line.substr(blank + 1), manifest);
        if (!good) {
            error = fmt::format("{}:{}: not understood: '{}'; build the model again", path, number,
                                line);
            return false;
        }
    }
    if (manifest.root.empty() || manifest.cache.empty() || manifest.sources.empty()) {
        error = path + ": has no root, cache or source; build the model again";
        return false;
    }
    return true;
}

}  // namespace scenario
