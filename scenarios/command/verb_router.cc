// router, ctl: become the native program that stands beside this one. Nothing of the machine is in that.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <vector>

#include "scenarios/command/verbs.h"

namespace scenario {

namespace {

int become_router(const invocation& line) {
    std::error_code unknown;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    const std::string program = (self.parent_path() / "heddle-router").string();
    std::vector<std::string> words = {program, line.verb};
    words.insert(words.end(), line.words.begin(), line.words.end());
    words.insert(words.end(), line.after_dashes.begin(), line.after_dashes.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    execv(program.c_str(), argv.data());
    fmt::print(stderr, "heddle {}: {}: {}\n", line.verb, program, std::strerror(errno));
    return 4;
}

}  // namespace

int verb_router(const invocation& line) {
    return become_router(line);
}

int verb_ctl(const invocation& line) {
    return become_router(line);
}

}  // namespace scenario
