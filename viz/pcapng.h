// pcapng.h - the packets of an execution for Wireshark, tshark and tcpdump.
// Source:  viz/pcapng_blocks.h; the bytes are those of remarks `packet` and `fate`.
// Shapes:  a second is a step, so that the column of times shows steps. An interface of the file for each of the
//          simulation; lost packets are on one named "dropped", as they were then.
// Locks:   none.
// Errors:  a trace without bytes of packets: message.
#pragma once

#include <string>

#include "sim/trace/trace.h"
#include "viz/formats.h"

namespace viz {

[[nodiscard]] bool pcapng(const sim::trace& t, const format_options& options, std::string& bytes,
                          std::string& error);

}  // namespace viz
