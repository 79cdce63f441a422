// router.h - a router of the model on real wires: the same stack, a cable and a receive thread an interface.
// Source:  ours. What a frame meets behind the cable is net::em_receive, as in a simulation.
// Shapes:  at most ports_max interfaces: each receive thread is a CPU of the router, CPU 0 is the administrator.
// Locks:   [I] immutable  [A] the administrator's context, which made the router and alone calls its functions
//          [a] atomic. Receive threads and service contexts run beside it.
// Errors:  errno and a message.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/host/cable.h"
#include "model/host/capture.h"

namespace model::host {

struct port_statistics {
    std::string interface;
    std::string cable;      // its name
    uint64_t received = 0;  // frames read from the cable
    uint64_t refused = 0;   // of those, which the card did not take: no interface, its ring full
    uint64_t sent = 0;
    // Which the cable did not take: a device that is down, a router that does not keep up.
    uint64_t lost = 0;
};

// Who is told what the kernel logs.
struct console {
    void (*show)(void* argument, const char* line) = nullptr;
    void* argument = nullptr;
};

class router {
  public:
    // Starts the service contexts. `record`, if not null, gets every frame, and outlives the router; its interfaces have
    // `prefix` before their names there. Lines that the kernel logs go to `to` at once, from any context.
    router(const char* name, capture* record, std::string prefix, const console& to);
    // As take_apart().
    ~router();
    router(const router&) = delete;
    router& operator=(const router&) = delete;

    // Plugs a cable into the wire of an interface, which need not exist yet. 0, or an errno and a message; ENOSPC: there
    // are ports_max; EBUSY: it has one.
    [[nodiscard]] int plug(const std::string& ifname, std::unique_ptr<cable> with,
                           std::string& error);
    // The same with a TAP device of that name; what has a cable keeps it.
    [[nodiscard]] int plug_tap(const std::string& ifname, const std::string& tap_name,
                               std::string& error);
    // Whether a wire can be plugged into an interface of that name.
    [[nodiscard]] static bool is_interface(std::string_view name);

    // Begins to receive; ports that are plugged in later begin at once.
    void start();
    // One line of the administrator, and behind its end what the tool reads; `out` gets what it prints. Returns the
    // tool's exit status, 127: no such tool. May sleep.
    [[nodiscard]] int command(std::string_view line, std::string& out);
    // A command that sleeps for a packet, now or later, ends at once. From any context.
    void interrupt();
    // Ends the receive threads: nothing comes in any more.
    void stop();
    // And takes the stack apart: nothing leaves any more, and there is nobody to command.
    void take_apart();

    [[nodiscard]] std::vector<port_statistics> statistics() const;

  private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace model::host
