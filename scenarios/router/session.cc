#include "scenarios/router/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <utility>

#include "scenarios/lang/operations.h"
#include "scenarios/lang/options.h"

namespace scenario {

namespace {

void show(void* prefix, const char* line) {
    std::fprintf(stderr, "%s%s\n", static_cast<const std::string*>(prefix)->c_str(), line);
}

}  // namespace

std::string tap_names::of(const std::string& interface) const {
    const auto found = given.find(interface);
    if (found != given.end()) {
        return found->second;
    }
    std::string name = prefix + interface;
    std::replace(name.begin(), name.end(), ':', '-');
    return name;
}

router_session::router_session(const script& s, const router& r, bool one_of_several,
                               tap_names names, model::host::capture* record)
    : script_(s),
      router_(r),
      prefix_(one_of_several ? r.name.text + ":" : ""),
      names_(std::move(names)),
      host_(r.name.text.c_str(), record, prefix_, {show, const_cast<std::string*>(&prefix_)}) {}

int router_session::apply_topology(std::string& error) {
    for (const statement& line : router_.statements) {
        const std::string text = line_of(std::get<command>(line.action));
        std::string wrong;
        if (const int why = plug_for(text, wrong); why != 0) {
            error = render(script_.texts.at(line.at, wrong));
            return why;
        }
        std::string out;
        if (const int status = host_.command(text, out); status != 0) {
            const std::string said = out.substr(0, out.find('\n'));
            error = render(script_.texts.at(
                line.at,
                said.empty() ? fmt::format("the command failed: status {}", status) : said));
            return EINVAL;
        }
    }
    return 0;
}

// `ifconfig em2 ...` makes the interface if it is not there, so its wire is there before.
int router_session::plug_for(const std::string& line, std::string& error) {
    std::istringstream words(line.substr(0, line.find('\n')));
    std::string tool;
    std::string interface;
    words >> tool >> interface;
    return tool == "ifconfig" && model::host::router::is_interface(interface)
               ? host_.plug_tap(interface, names_.of(full_name(interface)), error)
               : 0;
}

answer router_session::run(const std::string& line) {
    answer a;
    if (plug_for(line, a.text) != 0) {
        a.status = 1;
        a.text = "ifconfig: " + a.text + "\n";
        return a;
    }
    a.status = host_.command(line, a.text);
    if (a.status == 127) {
        const std::string tool = line.substr(0, line.find_first_of(" \t\n"));
        const std::string near = did_you_mean(tool, parse_options{}.commands);
        a.text += near.empty() ? "" : near + "\n";
    }
    return a;
}

std::string router_session::summary() const {
    std::string text;
    for (const model::host::port_statistics& p : host_.statistics()) {
        text += fmt::format("{} on {}: received {}, refused {}, sent {}, lost {}\n",
                            full_name(p.interface), p.cable, p.received, p.refused, p.sent, p.lost);
    }
    return text;
}

}  // namespace scenario
