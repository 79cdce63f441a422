// heddle-router - the topology of a `.race` file on TAP devices; `heddle router` runs it.
#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "scenarios/command/arguments.h"
#include "scenarios/lang/parse.h"
#include "scenarios/router/control.h"
#include "scenarios/router/network.h"

namespace scenario {

namespace {

struct router_options {
    std::string file;
    std::string router;
    std::string prefix;
    std::vector<std::string> taps;
    std::string record;
    std::string control;
    bool no_input = false;
    bool quiet = false;
    std::optional<uint64_t> seconds;
};

// "heddle router: WHAT" and status 2.
int refuse(const std::string& what) {
    return complain("router", what);
}

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream in(path);
    if (!in) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// All, or the one that was chosen.
std::vector<const router*> routers_of(const script& s, const std::string& name,
                                      std::string& error) {
    std::vector<const router*> chosen;
    std::vector<std::string> names;
    for (const router& r : s.routers) {
        if (name.empty() || r.name.text == name) {
            chosen.push_back(&r);
        }
        names.push_back(r.name.text);
    }
    if (chosen.empty()) {
        error = fmt::format("no router '{}'; {}", name, did_you_mean(name, names));
    }
    return chosen;
}

bool read_taps(const std::vector<std::string>& list, tap_names& to, std::string& error) {
    for (const std::string& one : list) {
        const size_t equals = one.find('=');
        const std::string whole = one.substr(0, equals);
        const std::string interface = whole.substr(whole.find(':') + 1);
        if (equals == std::string::npos || equals + 1 == one.size() ||
            !model::host::router::is_interface(interface)) {
            error = fmt::format(
                "--tap {}: as in --tap em0=mytap, --tap r1:em0=mytap; interfaces are em0 to em15",
                one);
            return false;
        }
        to.given[whole] = one.substr(equals + 1);
    }
    return true;
}

std::string without_rights(const std::string& why, int error) {
    return error == EPERM || error == EACCES
               ? why +
                     "\nTAP devices need root or CAP_NET_ADMIN: run it by root, or in a network "
                     "namespace of one's own: unshare -rn"
               : why;
}

// SIGINT and SIGTERM are read from a descriptor; who leaves a control socket is no reason to end.
void block_signals() {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGTERM);
    sigprocmask(SIG_BLOCK, &wanted, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int run_routers(const script& s, const std::vector<const router*>& chosen,
                const router_options& options, const tap_names& taps) {
    model::host::capture record;
    std::string error;
    if (!options.record.empty() && !record.open(options.record, error)) {
        return refuse(error);
    }
    block_signals();
    int status = 0;
    {
        network routers(s, chosen, taps, options.record.empty() ? nullptr : &record);
        if (const int why = routers.apply_topology(error); why != 0) {
            return refuse(without_rights(error, why));
        }
        routers.start();
        std::string ready;
        for (const router* r : chosen) {
            ready += options.quiet ? "" : r->name.text + ": ready\n";
        }
        const control_options control = {options.control, !options.no_input,
                                         static_cast<double>(options.seconds.value_or(0)), ready};
        status = serve(routers, control, error);
        routers.stop();
        if (status != 1) {
            routers.take_apart();  // what is on its way may still leave, and is counted
        }
        if (!options.quiet) {
            std::fputs(routers.summary().c_str(), stderr);
        }
        if (status == 1) {
            std::fprintf(stderr, "heddle router: %s\n", error.c_str());
            (void)record.close();
            std::fflush(nullptr);
            std::_Exit(1);
        }
    }
    if (status != 0) {
        return refuse(error);
    }
    if (!record.close()) {
        std::fprintf(stderr, "heddle router: %s: not everything could be written\n",
                     options.record.c_str());
        return 4;
    }
    return 0;
}

int router_main(const invocation& line) {
    router_options options;
    arguments a(
        "router", "-f FILE.race [--control PATH] [--pcap FILE]",
        "Runs the routers of the file's topology. Links join them; each other interface is a\n"
        "TAP device of this host. Ends by SIGINT, SIGTERM or the line `quit`. Each line on\n"
        "the standard input is a command: ifconfig, route, arp, sysctl, pfctl, netstat, ...;\n"
        "with several routers `on r1 COMMAND`. After `pfctl -f -` come its rules, then a\n"
        "line with a dot. What the kernel logs, and a summary at the end, go to stderr.\n"
        "Needs root or CAP_NET_ADMIN.",
        {"heddle router -f forward.race --control /run/r.sock --pcap r.pcapng",
         "heddle ctl /run/r.sock route -n show"});
    a.text("-f,--file", "FILE", options.file, "the scenario whose topology is run");
    a.text("--router", "NAME", options.router,
           "one of its routers alone; else all, with their links");
    a.text("--prefix", "TEXT", options.prefix, "stands before the interface in names of TAPs");
    a.texts("--tap", "IF=NAME", options.taps, "the TAP device of that interface");
    a.text("--control", "PATH", options.control, "takes commands at this socket, too");
    a.text("--pcap", "FILE", options.record, "records all frames (pcapng)");
    a.flag("--no-input", options.no_input, "takes no commands from the standard input");
    a.number("--seconds", options.seconds, 1, 1000000, "ends by itself");
    a.flag("-q,--quiet", options.quiet, "neither `ready` nor a summary");
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    if (options.file.empty()) {
        return wrong_usage("router", "which scenario? -f FILE.race");
    }
    const std::optional<std::string> text = read_file(options.file);
    if (!text) {
        return refuse(options.file + ": cannot be read");
    }
    parse_options parsing;
    parsing.read_file = read_file;
    parsing.topology_suffices = true;
    const parse_result parsed = parse(*text, options.file, parsing);
    if (!parsed.ok()) {
        return refuse(render(parsed.errors));
    }
    tap_names taps;
    taps.prefix = options.prefix;
    std::string error;
    const std::vector<const router*> chosen = routers_of(parsed.value, options.router, error);
    if (chosen.empty() || !read_taps(options.taps, taps, error)) {
        return refuse(error);
    }
    return run_routers(parsed.value, chosen, options, taps);
}

int ctl_main(const std::vector<std::string>& words) {
    if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h")) {
        std::fputs(
            "  heddle ctl /run/r.sock arp -an\n"
            "  heddle ctl /run/r.sock pfctl -f - < pf.conf\n"
            "\n"
            "usage: heddle ctl PATH COMMAND...\n"
            "\n"
            "Runs a command on the router that was started with --control PATH, prints what "
            "its tool\nprints, and exits as the tool does.\n",
            stdout);
        return 0;
    }
    if (words.size() < 2) {
        return wrong_usage("ctl", "wants the path of a control socket and a command");
    }
    std::string error;
    const int status = ask(words[0], {words.begin() + 1, words.end()}, error);
    return error.empty() ? status : complain("ctl", error);
}

// heddle-router VERB WORDS...
int run(int argc, char** argv) {
    invocation line;
    line.verb = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; ++i) {
        line.words.emplace_back(argv[i]);
    }
    if (line.verb == "ctl") {
        return ctl_main(line.words);
    }
    if (line.verb != "router") {
        std::fputs("usage: heddle-router router|ctl ...\n", stderr);
        return 2;
    }
    return router_main(line);
}

}  // namespace

}  // namespace scenario

int main(int argc, char** argv) {
    return scenario::run(argc, argv);
}
