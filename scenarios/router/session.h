// session.h - a router of a script on TAP devices: its topology is applied, then whatever its administrator types.
// Source:  ours; lines are those of a topology, through the same tools.
// Shapes:  an answer is what the tool printed, and its exit status.
// Locks:   [A] the administrator's context.
// Errors:  of the script: rendered diagnostics; of the host: an errno and a message.
#pragma once

#include <map>
#include <string>

#include "model/host/router.h"
#include "scenarios/lang/script.h"

namespace scenario {

// Which TAP device is plugged into an interface.
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
    router_session(const script& s, const router& r, tap_names names, model::host::capture* record,
                   void (*console)(const char* line));

    // Plugs in what the topology names, and runs its lines. 0, or an errno and what is wrong.
    [[nodiscard]] int apply_topology(std::string& error);
    void start() { host_.start(); }
    // A line of the administrator's; behind its end what the tool reads. An interface that it names for the first time
    // gets its TAP device.
    [[nodiscard]] answer run(const std::string& line);
    void stop() { host_.stop(); }

    // A line an interface: what was received, sent, lost.
    [[nodiscard]] std::string summary() const;

  private:
    [[nodiscard]] int plug_for(const std::string& line, std::string& error);

    const script& script_;
    const router& router_;
    const tap_names names_;
    model::host::router host_;
};

}  // namespace scenario
