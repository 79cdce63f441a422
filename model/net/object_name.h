// object_name.h - what an object of the stack is called in reports; made once, when it is made.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include <cstdint>

namespace model::net {

struct object_name {
    char text[40];
};

[[nodiscard]] object_name name_of(const char* kind, const char* name);  // "ifnet em1"
[[nodiscard]] object_name name_of(const char* kind, uint32_t addr);     // "ifaddr 10.0.1.1"
[[nodiscard]] object_name name_of(const char* kind, uint32_t addr, uint8_t plen);

}  // namespace model::net
