// network.h - the routers of a script that run: one of them, or all with the links between them.
// Source:  ours; `on ROUTER COMMAND` as in a script.
// Shapes:  with several, interfaces are told as r1:em0, and TAP devices are called r1-em0.
// Locks:   [A] the administrator's context.
// Errors:  of the script: rendered diagnostics; of the host: an errno and a message.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/router/session.h"

namespace scenario {

class network {
  public:
    // Of the chosen routers each runs; a link of which both ends are theirs is a cable between them.
    network(const script& s, const std::vector<const router*>& chosen, const tap_names& names,
            model::host::capture* record);

    // Plugs in links and what the topology names, and runs its lines. 0, or an errno and what is wrong.
    [[nodiscard]] int apply_topology(std::string& error);
    void start();
    // A line of the administrator's for the router that it names, or for the only one.
    [[nodiscard]] answer run(const std::string& line);
    // A command that sleeps for a packet ends at once. From any context.
    void interrupt();
    void stop();
    void take_apart();

    // A line an interface: what was received, sent, lost.
    [[nodiscard]] std::string summary() const;

  private:
    [[nodiscard]] router_session* session_or_null(std::string_view name);
    [[nodiscard]] int plug_links(std::string& error);

    const script& script_;
    std::vector<std::unique_ptr<router_session>> sessions_;  // [A]
};

}  // namespace scenario
