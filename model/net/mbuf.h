// mbuf.h - a packet in memory: one piece, with room in front for headers.
// Source:  mbuf(9) of the BSDs, without chains.
// Shapes:  [data, data + len) lies in the storage behind the structure.
// Locks:   [O] the context that owns the packet, or the lock of the queue it stands on.
// Errors:  null where there is no memory: nobody who has a packet in hand waits for some. m_prepend asserts that there
//          is room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace model::netinet {
struct inpcb;
}
namespace model::pf {
struct pf_state_key;
}

namespace model::net {

struct stack;

inline constexpr uint16_t M_BCAST = 0x0100;  // received as a link-level broadcast
inline constexpr uint16_t M_MCAST = 0x0200;  // received as a link-level multicast

inline constexpr size_t mbuf_room = 64;  // in front of what m_get hands out
inline constexpr size_t mbuf_length_max = 65536;

inline constexpr uint8_t PF_TAG_GENERATED =
    0x01;  // by pf itself, or passed it already: pf lets it pass
inline constexpr uint8_t PF_TAG_DIVERTED = 0x02;  // for us, by a divert-to or divert-reply rule
inline constexpr uint8_t PF_TAG_DIVERTED_PACKET =
    0x04;                                        // comes back from a divert socket: passes once
inline constexpr uint8_t PF_TAG_REROUTE = 0x08;  // its destination has changed on its way out
inline constexpr uint8_t PF_TAG_REFRAGMENTED = 0x10;  // a piece of one that has passed: passes once
inline constexpr uint8_t PF_TAG_TRANSLATE_LOCALHOST = 0x20;  // it was redirected to our loopback

// What pf knows of a packet. The two pointers are references, and nobody but model/pf touches them.
struct pkthdr_pf {
    pf::pf_state_key* statekey =
        nullptr;                    // [O] the key that it matched, or of the socket that sent it
    netinet::inpcb* inp = nullptr;  // [O] whose socket sent it
    uint32_t divert_addr = 0;       // [O] where a divert-to rule has it delivered
    uint16_t divert_port = 0;       // [O]
    uint8_t flags = 0;              // [O] PF_TAG_*
    bool divert_reply = false;      // [O] by a divert-reply rule: to no listener at all
};

struct mbuf {
    mbuf* next = nullptr;        // [O] link of the queue it stands on
    uint8_t* data = nullptr;     // [O]
    size_t len = 0;              // [O]
    uint32_t packet = 0;         // [O] number under which its fate is told; 0: nobody asks
    uint16_t flags = 0;          // [O] M_*
    uint16_t ph_ifidx = 0;       // [O] index of the interface it was received on
    uint64_t ph_ifserial = 0;    // [O] and its serial number
    uint8_t ph_rtableid = 0;     // [O] routing table that it goes by
    pkthdr_pf pf;                // [O]
    uint8_t* storage = nullptr;  // [I]
};

// A packet of `length` zero bytes with mbuf_room in front; null if there is no memory.
[[nodiscard]] mbuf* m_get(stack& st, size_t length);

// A packet with a copy of these bytes; null if there is no memory.
[[nodiscard]] mbuf* m_devget(stack& st, const void* bytes, size_t length);

// `to` is made of `from`, a piece or a copy of it: it came the same way, and pf knows the same of it.
// Of its fate the caller decides.
void m_dup_pkthdr(stack& st, mbuf& to, const mbuf& from);

// The packet becomes another one, of our own: nothing that was known of it is true any more
// but the table that it goes by.
void m_resethdr(stack& st, mbuf& m);

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
