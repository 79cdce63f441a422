// pf_state_key.h - by what a packet is known to belong to a state: two addresses, two ports, a protocol, a domain.
// Source:  names after OpenBSD net/pfvar.h; owners of references: its pf_state_key_ref callers.
// Shapes:  addresses and ports in host order. Side 0 is what lies outside: the source of a packet that comes in, the
//          destination of one that goes out, so that both directions of a connection have one key.
// Locks:   [I] immutable  [a] atomic  [S] pf_state_lock  [P] written under pf_inp_mtx, peeked at without
// Errors:  none.
#pragma once

#include <array>
#include <atomic>
#include <compare>
#include <cstdint>

#include "model/kern/refcnt.h"

namespace model::net {
struct stack;
}
namespace model::netinet {
struct inpcb;
}

namespace model::pf {

struct pf_state_item;

// What two packets of one direction of a connection have in common. Of ICMP the identifier is a port.
struct pf_key_cmp {
    std::array<uint32_t, 2> addr{};
    std::array<uint16_t, 2> port{};
    uint8_t proto = 0;
    uint8_t rdomain = 0;  // routing domain of the packet's table

    auto operator<=>(const pf_key_cmp&) const = default;
};

// References: the tree has one, each slot of a state has one, and so have each packet, the reverse key and
// the pcb that lead here.
struct pf_state_key {
    explicit pf_state_key(const pf_key_cmp& what) : cmp(what) {}

    const pf_key_cmp cmp;                 // [I]
    kern::refcnt sk_refcnt;               // [a]
    std::atomic<bool> sk_removed{false};  // [a] it has left the tree, and is in no lookup's way
    std::atomic<pf_state_key*> sk_reverse{nullptr};  // [a] that of the other direction, once met
    std::atomic<netinet::inpcb*> sk_inp{nullptr};    // [P]
    pf_state_item* sk_states = nullptr;  // [S] states of this key, interface-bound ones first
};

// A key that nobody else knows; the reference is the caller's.
[[nodiscard]] pf_state_key* pf_alloc_state_key(net::stack& st, const pf_key_cmp& cmp);

// Legal only with a reference, or where something else keeps it from being the last. Returns it.
pf_state_key* pf_state_key_ref(net::stack& st, pf_state_key* sk);
// Null is fine. Who gives up the last one frees the key, to which nothing leads any more.
void pf_state_key_unref(net::stack& st, pf_state_key* sk);
// Whether packets may still be told by it; null is not valid.
[[nodiscard]] bool pf_state_key_isvalid(const pf_state_key* sk);

// Links two keys, each to the other: what comes back along a connection finds its state by what went. A
// key may be its own reverse. Nothing if they are linked already.
void pf_state_key_link_reverse(net::stack& st, pf_state_key* sk, pf_state_key* skrev);
void pf_state_key_unlink_reverse(net::stack& st, pf_state_key* sk);

}  // namespace model::pf
