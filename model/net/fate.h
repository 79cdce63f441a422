// fate.h - what became of each packet that came in with a number.
// Shapes:  exactly one final fate (forwarded, delivered, dropped); `held` may come before it.
// Locks:   [O] the packet's owner writes; read when nobody runs.
// Errors:  none; a packet with no fate or two is a broken invariant.
#pragma once

#include <cstdint>

namespace model::net {

struct stack;
struct mbuf;

inline constexpr uint32_t fates_max = 256;  // packet numbers are 1..fates_max - 1

enum class fate : uint8_t { none, held, forwarded, delivered, dropped };

struct packet_fate {
    char what[16] = {};      // [O] interface, protocol or reason; a copy, since interfaces go away
    bool arrived = false;    // [O]
    uint8_t finals = 0;      // [O] 1 when all is well
    fate kind = fate::none;  // [O]
};

// Tells the fate of m's packet; nothing if it has no number.
void fate_set(stack& st, const mbuf& m, fate kind, const char* what);

// "forwarded em1", "held", "dropped noroute"; "" for a packet that never came.
void fate_print(const stack& st, uint32_t packet, char* out, unsigned long size);

// Invariant: every packet that arrived has exactly one fate; the argument is the stack, nobody runs.
int fate_conserved(void* st);

}  // namespace model::net
