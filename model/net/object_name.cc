#include "model/net/object_name.h"

#include <cstdio>

namespace model::net {

object_name name_of(const char* kind, const char* name) {
    object_name result;
    snprintf(result.text, sizeof result.text, "%s %s", kind, name);
    return result;
}

object_name name_of(const char* kind, uint32_t addr) {
    object_name result;
    snprintf(result.text, sizeof result.text, "%s %u.%u.%u.%u", kind, addr >> 24, addr >> 16 & 255,
             addr >> 8 & 255, addr & 255);
    return result;
}

object_name name_of(const char* kind, uint32_t addr, uint8_t plen) {
    object_name result;
    snprintf(result.text, sizeof result.text, "%s %u.%u.%u.%u/%u", kind, addr >> 24,
             addr >> 16 & 255, addr >> 8 & 255, addr & 255, plen);
    return result;
}

}  // namespace model::net
