#include "scenarios/router/network.h"

#include <fmt/format.h>

#include <cerrno>
#include <sstream>
#include <utility>

#include "model/host/link.h"
#include "scenarios/lang/options.h"

namespace scenario {

network::network(const script& s, const std::vector<const router*>& chosen, const tap_names& names,
                 model::host::capture* record)
    : script_(s) {
    for (const router* r : chosen) {
        sessions_.push_back(
            std::make_unique<router_session>(s, *r, chosen.size() > 1, names, record));
    }
}

router_session* network::session_or_null(std::string_view name) {
    for (const std::unique_ptr<router_session>& one : sessions_) {
        if (one->name() == name || (name.empty() && sessions_.size() == 1)) {
            return one.get();
        }
    }
    return nullptr;
}

int network::plug_links(std::string& error) {
    for (const link& l : script_.links) {
        router_session* left = session_or_null(l.left.router.text);
        router_session* right = session_or_null(l.right.router.text);
        if (left == nullptr || right == nullptr) {
            continue;  // the other end is no router that runs: then it is a TAP device
        }
        auto [left_end, right_end] = model::host::make_link(left->full_name(l.left.name.text),
                                                            right->full_name(l.right.name.text));
        std::string wrong;
        int why = left->plug(l.left.name.text, std::move(left_end), wrong);
        const word& at = why != 0 ? l.left.name : l.right.name;
        if (why == 0) {
            why = right->plug(l.right.name.text, std::move(right_end), wrong);
        }
        if (why != 0) {
            error = render(script_.texts.at(at.at, wrong));
            return why;
        }
    }
    return 0;
}

int network::apply_topology(std::string& error) {
    if (const int why = plug_links(error); why != 0) {
        return why;
    }
    for (const std::unique_ptr<router_session>& one : sessions_) {
        if (const int why = one->apply_topology(error); why != 0) {
            return why;
        }
    }
    return 0;
}

void network::start() {
    for (const std::unique_ptr<router_session>& one : sessions_) {
        one->start();
    }
}

void network::interrupt() {
    for (const std::unique_ptr<router_session>& one : sessions_) {
        one->interrupt();
    }
}

void network::stop() {
    for (const std::unique_ptr<router_session>& one : sessions_) {
        one->stop();
    }
}

void network::take_apart() {
    for (const std::unique_ptr<router_session>& one : sessions_) {
        one->take_apart();
    }
}

answer network::run(const std::string& line) {
    std::istringstream words(line);
    std::string on;
    std::string name;
    words >> on;
    if (on == "on") {
        words >> name >> std::ws;
    }
    router_session* to = session_or_null(name);
    if (to != nullptr) {
        const auto at = words.tellg();
        return to->run(name.empty() ? line : at < 0 ? "" : line.substr(static_cast<size_t>(at)));
    }
    std::vector<std::string> names;
    for (const std::unique_ptr<router_session>& one : sessions_) {
        names.push_back(one->name());
    }
    return {2, name.empty() ? fmt::format("on which router? on {} {}\n", names[0], line)
                            : fmt::format("no router '{}'; {}\n", name, did_you_mean(name, names))};
}

std::string network::summary() const {
    std::string text;
    for (const std::unique_ptr<router_session>& one : sessions_) {
        text += one->summary();
    }
    return text;
}

}  // namespace scenario
