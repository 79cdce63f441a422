// options.h - what the language itself does not know: the words of the subject and the machine.
// Shapes:  the defaults are those of the model and of sim; a runner passes the lists it really has.
// Locks:   none; plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace scenario {

struct parse_options {
    // Verbs of command lines; what follows them is parsed by the model.
    std::vector<std::string> commands = {"ifconfig", "route",   "arp",    "sysctl", "pfctl",
                                         "pf",       "netstat", "socket", "send",   "recv",
                                         "connect",  "accept",  "close",  "ping",   "state"};
    std::vector<std::string> strategies = {"dpor", "dfs", "bounded", "delay",    "random",
                                           "pct",  "pos", "surw",    "portfolio"};
    std::vector<std::string> bug_kinds = {"use-after-free",
                                          "double-free",
                                          "out-of-bounds",
                                          "leak",
                                          "data-race",
                                          "deadlock",
                                          "lost-wakeup",
                                          "lock-order",
                                          "assertion",
                                          "sleep-where-none-is-allowed",
                                          "grace-wait-inside-a-read-section",
                                          "barrier-inside-its-own-queue",
                                          "free-before-the-grace-period",
                                          "slots-exhausted",
                                          "unbalanced-region",
                                          "put-without-a-reference",
                                          "take-at-zero",
                                          "put-of-the-wrong-object",
                                          "crash",
                                          "abort",
                                          "uncaught-exception",
                                          "stack-overflow",
                                          "endless-loop",
                                          "livelock",
                                          "uninitialised-read",
                                          "stack-use-after-return",
                                          "invariant",
                                          "packet-lost",
                                          "nondeterminism"};
    // First words of an observable that is compared: `key(ST).inp == S`, `pfctl states == 1`.
    std::vector<std::string> observables = {"key",   "ruleset", "route", "arp",
                                            "pfctl", "netstat", "sysctl"};
    // Contexts that exist without being written; a '*' at the end stands for any name.
    std::vector<std::string> service_contexts = {"softnet*", "softclock", "smr", "task:*", "irq:*"};
    // Reads a file of `include`; the name is relative to the folder of the including file and
    // already joined with it. Without this function there is no include.
    std::function<std::optional<std::string>(const std::string& name)> read_file;
    // Values for `param`, by name, instead of the ones that the script begins with.
    std::map<std::string, uint64_t> parameters;
};

}  // namespace scenario
