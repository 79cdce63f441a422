// in_text.h - addresses as people read them.
// Source:  inet_ntop(3), ether_ntoa(3).
// Shapes:  host order in, text out: "10.0.2.2", "02:00:00:00:02:02".
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

#include "model/net/ethernet.h"

namespace model::netinet {

[[nodiscard]] std::string address_text(uint32_t address);
[[nodiscard]] std::string lladdr_text(net::ether_addr address);

}  // namespace model::netinet
