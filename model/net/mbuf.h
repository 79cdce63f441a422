// mbuf.h - a packet in memory: one piece, with room in front for headers.
// Source:  mbuf(9) of the BSDs, without chains.
// Shapes:  [data, data + len) lies in the storage behind the structure.
// Locks:   [O] the context that owns the packet, or the lock of the queue it stands on.
// Errors:  null where there is no memory: nobody who has a packet in hand waits for some. m_prepend asserts that there
//          is room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace model::net {

struct stack;

inline constexpr uint16_t M_BCAST = 0x0100;  // received as a link-level broadcast
inline constexpr uint16_t M_MCAST = 0x0200;  // received as a link-level multicast

inline constexpr size_t mbuf_room = 64;  // in front of what m_get hands out
inline constexpr size_t mbuf_length_max = 65536;

struct mbuf {
    mbuf* next = nullptr;        // [O] link of the queue it stands on
    uint8_t* data = nullptr;     // [O]
    size_t len = 0;              // [O]
    uint32_t packet = 0;         // [O] number under which its fate is told; 0: nobody asks
    uint16_t flags = 0;          // [O] M_*
    uint16_t ph_ifidx = 0;       // [O] index of the interface it was received on
    uint8_t* storage = nullptr;  // [I]
};

// A packet of `length` zero bytes with mbuf_room in front; null if there is no memory.
[[nodiscard]] mbuf* m_get(stack& st, size_t length);

// A packet with a copy of these bytes; null if there is no memory.
[[nodiscard]] mbuf* m_devget(stack& st, const void* bytes, size_t length);

// Frees a packet whose fate is told, or which has none; null is fine.
void m_freem(stack& st, mbuf* m);

// Frees a packet and says why: its fate is `dropped REASON`. `reason` is a literal.
void m_drop(stack& st, mbuf* m, const char* reason);

// Takes `length` <= len bytes off the front.
void m_adj(mbuf& m, size_t length);

// Shortens to `length` <= len bytes.
void m_trim(mbuf& m, size_t length);

// Puts `length` unset bytes before the data; returns where they begin.
uint8_t* m_prepend(mbuf& m, size_t length);

// FIFO of packets; the lock is the owner's.
struct mbuf_list {
    mbuf* head = nullptr;
    mbuf* tail = nullptr;
    unsigned length = 0;
};

void ml_enqueue(mbuf_list& list, mbuf* m);
[[nodiscard]] mbuf* ml_dequeue(mbuf_list& list);  // null when empty

}  // namespace model::net
