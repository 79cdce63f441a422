// bytes.h - network byte order in and out of bytes.
// Shapes:  everything inside the stack is in host order; only packets are not.
// Locks:   none; pure functions.
// Errors:  none; the caller has checked the length.
#pragma once

#include <cstdint>

namespace model::net {

inline uint16_t get_be16(const uint8_t* from) {
    return static_cast<uint16_t>(from[0] << 8 | from[1]);
}

inline uint32_t get_be32(const uint8_t* from) {
    return static_cast<uint32_t>(get_be16(from)) << 16 | get_be16(from + 2);
}

inline void put_be16(uint8_t* to, uint16_t value) {
    to[0] = static_cast<uint8_t>(value >> 8);
    to[1] = static_cast<uint8_t>(value);
}

inline void put_be32(uint8_t* to, uint32_t value) {
    put_be16(to, static_cast<uint16_t>(value >> 16));
    put_be16(to + 2, static_cast<uint16_t>(value));
}

}  // namespace model::net
