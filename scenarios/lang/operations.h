// operations.h - statements as the model takes them: a command as a line of text, a packet as a frame.
// Source:  ours; who runs a script, on simulated CPUs or on threads, says the same to the model.
// Shapes:  routers by number. What a packet leaves open follows from its number: two packets differ in their bytes.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/lang/script.h"

namespace scenario {

// The words of the command line as one text, `as NAME` of what makes or finds an object, and behind a line end what the
// command reads.
[[nodiscard]] std::string line_of(const command& c);

// Which link-level addresses the interfaces have: frames that are injected there are for that address.
class hardware_addresses {
  public:
    // `ifconfig em0 ... lladdr 02:..`; other commands say nothing.
    void note(int router, const command& c);
    [[nodiscard]] std::vector<uint8_t> frame_of(const injection& in, int router,
                                                unsigned packet) const;

  private:
    std::map<std::pair<int, std::string>, mac> known_;
};

}  // namespace scenario
