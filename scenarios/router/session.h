// session.h - a router of a script on TAP devices: its topology is applied, then whatever its administrator types.
// Source:  ours; lines are those of a topology, through the same tools.
// Shapes:  an answer is what the tool printed, and its exit status.
// Locks:   [A] the administrator's context.
// Errors:  of the script: rendered diagnostics; of the host: an errno and a message.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "model/host/router.h"
#include "scenarios/lang/script.h"

namespace scenario {

// Which TAP device is plugged into an interface, em0 or r1:em0.
struct tap_names {
    std::string prefix;                        // before the name of the interface
    std::map<std::string, std::string> given;  // by interface
    [[nodiscard]] std::string of(const std::string& interface) const;
};

struct answer {
    int status = 0;
    std::string text;
};

class router_session {
  public:
    // What the kernel logs goes to stderr.
    router_session(const script& s, const router& r, bool one_of_several, tap_names names,
                   model::host::capture* record);

    [[nodiscard]] const std::string& name() const { return router_.name.text; }
    // How it is told: em0, or r1:em0 where there are several routers.
    [[nodiscard]] std::string full_name(const std::string& interface) const {
        return prefix_ + interface;
    }

    // Something else than a TAP device is at the other end of that interface.
    [[nodiscard]] int plug(const std::string& interface, std::unique_ptr<model::host::cable> with,
                           std::string& error) {
        return host_.plug(interface, std::move(with), error);
    }

    // Plugs in what the topology names, and runs its lines. 0, or an errno and what is wrong.
    [[nodiscard]] int apply_topology(std::string& error);
    void start() { host_.start(); }
    // A line of the administrator's; behind its end what the tool reads. An interface that it names for the first time
    // gets its TAP device.
    [[nodiscard]] answer run(const std::string& line);
    void interrupt() { host_.interrupt(); }
    void stop() { host_.stop(); }
    void take_apart() { host_.take_apart(); }

    // A line an interface: what was received, sent, lost; complete when it has been taken apart.
    [[nodiscard]] std::string summary() const;

  private:
    [[nodiscard]] int plug_for(const std::string& line, std::string& error);

    const script& script_;
    const router& router_;
    const std::string prefix_;  // of all that is told of it
    const tap_names names_;
    model::host::router host_;
};

}  // namespace scenario
