// heddle - the command: takes the verb, hands the rest of the line to it.
#include <fmt/format.h>
#include <sys/personality.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "scenarios/command/verbs.h"
#include "scenarios/lang/source.h"

namespace scenario {

const std::vector<verb>& verbs() {
    static const std::vector<verb> all = {
        {"explore", "explore the interleavings of a race or a program", verb_explore},
        {"ladder", "explore a race under every regime: which lock hides it", verb_ladder},
        {"survey", "explore several races: one table of verdicts and ladders", verb_survey},
        {"run", "run the named schedules of a race, once each", verb_run},
        {"replay", "run the execution that a token names, and show it", verb_replay},
        {"shrink", "find the shortest schedule that fails as a token does", verb_shrink},
        {"explain", "say which orders of operations an execution fails by", verb_explain},
        {"fences", "weaken each memory order of a program: which of them it needs", verb_fences},
        {"step", "choose the next context at each point of an execution", verb_step},
        {"show", "show the execution of a token or a trace file, in any format", verb_show},
        {"diff", "show where two executions first differ", verb_diff},
        {"check", "read a .race file and look its names up in the model", verb_check},
        {"list", "list races, checkers, strategies or formats", verb_list},
        {"new", "write a .race file to begin with", verb_new},
        {"cc", "compile a C or C++ program into a subject", verb_cc},
        {"router", "run a scenario's topology on TAP devices", verb_router},
        {"ctl", "run a command on such a router", verb_ctl},
        {"demo", "explore the first race, draw its shortest failure", verb_demo},
        {"version", "print the version", verb_version},
    };
    return all;
}

namespace {

std::string usage() {
    std::string out =
        "  heddle cc -o prog.so prog.c && heddle explore prog.so\n"
        "  heddle explore scenarios/races/if_destroy/forward.race\n"
        "  heddle replay forward TOKEN\n"
        "\n"
        "usage: heddle VERB ...\n"
        "\n"
        "heddle runs real C and C++ code on simulated CPUs, interleaves it step by step, and "
        "tells\n"
        "which interleavings break it.\n"
        "\n";
    for (const verb& v : verbs()) {
        out += fmt::format("  {:<9} {}\n", v.name, v.summary);
    }
    return out +
           "\n"
           "heddle VERB --help tells more. Exit status: 0 all is as expected; 1 it is not; 2 "
           "wrong\n"
           "usage or text; 3 inconclusive; 4 internal error or a replay that diverged; 130 "
           "Ctrl-C.\n";
}

// Everything before "--" is heddle's, everything behind it the subject's.
invocation take_apart(int argc, char** argv) {
    invocation line;
    // What was typed works again; a bare name is found in the PATH.
    line.command = argc > 0 && argv[0] != nullptr ? argv[0] : "heddle";
    line.verb = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; ++i) {
        if (line.has_dashes) {
            line.after_dashes.emplace_back(argv[i]);
        } else if (std::strcmp(argv[i], "--") == 0) {
            line.has_dashes = true;
        } else {
            line.words.emplace_back(argv[i]);
        }
    }
    return line;
}

int unknown_verb(const std::string& name) {
    std::vector<std::string> names;
    for (const verb& v : verbs()) {
        names.push_back(v.name);
    }
    const std::string near = did_you_mean(name, names);
    return wrong_usage("", fmt::format("no verb '{}'{}{}", name, near.empty() ? "" : "; ", near));
}

int run(int argc, char** argv) {
    const invocation line = take_apart(argc, argv);
    if (line.verb == "--help" || line.verb == "-h" || line.verb == "help") {
        std::fputs(usage().c_str(), stdout);
        return 0;
    }
    if (line.verb == "--version") {
        return verb_version(line);
    }
    if (line.verb.empty()) {
        std::fputs(usage().c_str(), stderr);
        return 2;
    }
    for (const verb& v : verbs()) {
        if (v.name == line.verb) {
            return v.run(line);
        }
    }
    return unknown_verb(line.verb);
}

// A subject may look at where the system has put libc, and that is to be the same in every process. Where this
// is not allowed, such a subject is explored all the same, and a token of it may not be found again.
void stay_in_place(char** argv) {
    constexpr unsigned long ask = 0xffffffff;
    const int now = personality(ask);
    if (now == -1 || (now & ADDR_NO_RANDOMIZE) != 0 ||
        personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) == -1) {
        return;
    }
    std::error_code unknown;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown) {
        execv(self.c_str(), argv);
    }
}

}  // namespace

}  // namespace scenario

int main(int argc, char** argv) {
    scenario::stay_in_place(argv);
    const int status = scenario::run(argc, argv);
    // Output that nobody could read is no output.
    if (std::fflush(stdout) != 0 && status == 0) {
        return 4;
    }
    return status;
}
