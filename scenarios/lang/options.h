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

#include "sim/trace/finding_kinds.h"

namespace scenario {

// What a machine finds (sim/trace/finding_kinds.h), and what is to be written already though none finds it yet.
inline std::vector<std::string> known_bug_kinds() {
    std::vector<std::string> kinds = {"lost-wakeup", "packet-lost", "nondeterminism"};
    for (const sim::finding_row& row : sim::finding_rows) {
        kinds.emplace_back(row.word);
    }
    return kinds;
}

struct parse_options {
    // Verbs of command lines; what follows them is parsed by the model.
    std::vector<std::string> commands = {
        "ifconfig", "route", "arp",     "sysctl", "pfctl",      "pf",      "netstat", "socket",
        "send",     "recv",  "connect", "accept", "close",      "ping",    "state",   "listen",
        "shutdown", "wire",  "join",    "leave",  "setsockopt", "reinject"};
    std::vector<std::string> strategies = {"dpor", "dfs", "bounded", "delay",    "random",
                                           "pct",  "pos", "surw",    "portfolio"};
    std::vector<std::string> bug_kinds = known_bug_kinds();
    // First words of an observable that is compared: `key(ST).inp == S`, `pfctl states == 1`.
    std::vector<std::string> observables = {"key",     "ruleset", "route",   "arp",    "pfctl",
                                            "netstat", "sysctl",  "state",   "got",    "queued",
                                            "local",   "foreign", "members", "joined", "monitor"};
    // What packets are delivered to besides sockets.
    std::vector<std::string> protocols = {"arp", "icmp", "udp", "tcp"};
    // Contexts of a router with so many CPUs that exist without being written; a '*' at the end stands for any name.
    std::function<std::vector<std::string>(uint32_t cpus)> service_contexts = [](uint32_t) {
        return std::vector<std::string>{"softnet*", "softclock", "smr", "task:*", "irq:*"};
    };
    // Reads a file of `include`; the name is relative to the folder of the including file and
    // already joined with it. Without this function there is no include.
    std::function<std::optional<std::string>(const std::string& name)> read_file;
    // Only the topology is asked for: a text without a context or an expectation is complete.
    bool topology_suffices = false;
    // Values for `param`, by name, instead of the ones that the script begins with.
    std::map<std::string, uint64_t> parameters;
};

}  // namespace scenario
