#include "scenarios/command/debugger.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace scenario {

namespace {

// Where jump_fcontext of Boost.Context keeps the address at which a context goes on (x86-64, System V).
constexpr int saved_pc = 0x38;

// What was typed, without the option that led here.
std::vector<std::string> same_line(const invocation& line, const std::string& self) {
    std::vector<std::string> out = {self, line.verb};
    for (size_t i = 0; i < line.words.size(); ++i) {
        if (line.words[i] == "--gdb") {
            ++i;
        } else if (!line.words[i].starts_with("--gdb=")) {
            out.push_back(line.words[i]);
        }
    }
    if (line.has_dashes) {
        out.emplace_back("--");
        out.insert(out.end(), line.after_dashes.begin(), line.after_dashes.end());
    }
    return out;
}

}  // namespace

int replay_in_debugger(const invocation& line, uint64_t step) {
    std::vector<std::string> words = {"gdb", "-q", "-nx"};
    // The execution runs in a child that is forked; the subject is loaded while it runs. A compiler is started by vfork
    // before, and not followed. At the first instruction of step(this, c) its context is still where the calling convention
    // puts it and its return address on top of the stack, however the compiler laid out the rest.
    for (const std::string& command :
         {std::string("set pagination off"), std::string("set confirm off"),
          std::string("set breakpoint pending on"), std::string("set follow-fork-mode parent"),
          std::string("break *sim::recorder::step"), fmt::format("ignore 1 {}", step - 1),
          std::string("tcatch fork"), std::string("run"), std::string("set follow-fork-mode child"),
          std::string("continue"), std::string("delete 1"),
          std::string("set $who = (sim::context*)$rsi"),
          std::string("set $own = (unsigned long)$who == (unsigned long)sim::g.current"),
          fmt::format(
              "set $at = *(unsigned long*)($own ? (char*)$rsp : (char*)$who->position + {})",
              saved_pc),
          std::string("tbreak *$at"), std::string("continue"),
          fmt::format("echo \\n--- step {} is about to be done; its stack:\\n", step),
          std::string("backtrace 20")}) {
        words.emplace_back("-ex");
        words.push_back(command);
    }
    words.emplace_back("--args");
    std::error_code failure;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe", failure).string();
    for (const std::string& word : same_line(line, failure ? line.command : self)) {
        words.push_back(word);
    }
    std::vector<char*> raw;
    for (std::string& word : words) {
        raw.push_back(word.data());
    }
    raw.push_back(nullptr);
    std::fflush(stdout);
    execvp("gdb", raw.data());
    return complain(line.verb,
                    fmt::format("gdb cannot be started ({}); Debian has it in the package gdb",
                                std::strerror(errno)));
}

}  // namespace scenario
