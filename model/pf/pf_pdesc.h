// pf_pdesc.h - what pf has read of a packet, and what it is to become.
// Source:  struct pf_pdesc of OpenBSD net/pf.c.
// Shapes:  addresses and ports in host order. Of ICMP queries the identifier is the port of who asks, the type that of
//          who answers. `src`.. are as they stand in the packet, `nsrc`.. as translation wants them.
// Locks:   [O] the context that has the packet.
// Errors:  null is a reason to drop.
#pragma once

#include <cstddef>
#include <cstdint>

#include "model/net/ethernet.h"
#include "model/net/mbuf.h"
#include "model/pf/pf_rule.h"
#include "model/pf/pf_state_key.h"

namespace model::pf {

struct pfi_kif;

// The domain is no end of a packet; but who is meant by the others depends on it.
struct pf_endpoints {
    uint32_t src = 0;
    uint32_t dst = 0;
    uint16_t sport = 0;
    uint16_t dport = 0;
    uint8_t rdomain = 0;  // of the table that it goes by

    bool operator==(const pf_endpoints&) const = default;
};

struct pf_pdesc {
    net::mbuf* m = nullptr;    // [O]
    pfi_kif* kif = nullptr;    // [O]
    pf_dir dir = pf_dir::in;   // [O] in or out
    uint8_t proto = 0;         // [O]
    uint8_t tcp_flags = 0;     // [O]
    uint8_t icmp_type = 0;     // [O]
    uint8_t icmp_code = 0;     // [O]
    bool fragment = false;     // [O] its ports are not there, or not the whole packet
    bool has_options = false;  // [O] IP options
    bool icmp_error = false;   // [O] about another packet, which it quotes
    bool icmp_query = false;   // [O] has an identifier
    bool icmp_answer = false;  // [O] of a query the second part
    pf_endpoints at;           // [O] in the packet
    pf_endpoints want;         // [O] after translation

    // Which side of a key the source of a packet of this direction is.
    [[nodiscard]] unsigned sidx() const { return dir == pf_dir::in ? 0 : 1; }
    [[nodiscard]] unsigned didx() const { return 1 - sidx(); }
    [[nodiscard]] pf_key_cmp key(const pf_endpoints& e) const {
        pf_key_cmp k{.proto = proto, .rdomain = e.rdomain};
        k.addr[sidx()] = e.src;
        k.addr[didx()] = e.dst;
        k.port[sidx()] = e.sport;
        k.port[didx()] = e.dport;
        return k;
    }
    // What a packet of this direction has if it is to have that key.
    [[nodiscard]] pf_endpoints of_key(const pf_key_cmp& k) const {
        return {k.addr[sidx()], k.addr[didx()], k.port[sidx()], k.port[didx()], k.rdomain};
    }
};

// Reads the packet, whose IP header is sound. False: what stands behind it is too short.
[[nodiscard]] bool pf_setup_pdesc(net::stack& st, pf_pdesc& pd);

// Writes what translation wants into the packet, and keeps its checksums as right or as wrong as they were. Of the
// domain nothing is in it: its table is the caller's affair.
void pf_translate(pf_pdesc& pd);

// An ICMP error: what it says about which packet. The quoted one went the other way: its ends are `at` of the answer
// as a packet of the error's direction would have them the other way round. False: it cannot be read.
struct pf_quoted {
    uint8_t proto = 0;
    size_t header = 0;   // of the quoted packet, in bytes
    pf_endpoints at;     // in the quoted packet
    bool query = false;  // ICMP with an identifier
};
[[nodiscard]] bool pf_read_quoted(const pf_pdesc& pd, pf_quoted& quoted);
// Has the error quote these ends instead, and come from there and go to there (0: as it is).
void pf_translate_quoted(pf_pdesc& pd, const pf_quoted& quoted, const pf_endpoints& want,
                         uint32_t src, uint32_t dst);

}  // namespace model::pf
