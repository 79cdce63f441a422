#include "model/netinet/in.h"
#include "model/netinet/in_text.h"
#include "model/pf/pf_if.h"
#include "model/pf/pf_names.h"
#include "model/pf/pf_state.h"

namespace model::pf {

namespace {

constexpr const char* udp_names[] = {"NO_TRAFFIC", "SINGLE", "MULTIPLE"};

std::string host_text(const pf_key_cmp& k, unsigned side) {
    return (k.rdomain == 0 ? "" : "(" + std::to_string(k.rdomain) + ") ") +
           netinet::address_text(k.addr[side]) +
           (k.port[side] == 0 ? "" : ":" + std::to_string(k.port[side]));
}

// As it is on the link, and in brackets as this router sees it, if that differs.
std::string side_text(const pf_key_cmp& shown, const pf_key_cmp& other, unsigned side) {
    const bool same = shown.addr[side] == other.addr[side] &&
                      shown.port[side] == other.port[side] && shown.rdomain == other.rdomain;
    return host_text(shown, side) + (same ? "" : " (" + host_text(other, side) + ")");
}

std::string peer_text(uint8_t proto, uint8_t peer) {
    if (proto == netinet::ipproto_tcp && peer <= tcps_time_wait) {
        return netinet::tcpstates[peer];
    }
    if (proto != netinet::ipproto_icmp && peer <= pfudps_multiple) {
        return udp_names[peer];
    }
    return std::to_string(peer);
}

}  // namespace

std::string pf_state_text(const pf_state& s) {
    const bool out = s.direction == pf_dir::out;
    const pf_key_cmp& wire = s.key[pf_sk_wire]->cmp;
    const pf_key_cmp& stack = s.key[pf_sk_stack]->cmp;
    const pf_key_cmp& shown = out ? wire : stack;
    const pf_key_cmp& other = out ? stack : wire;
    const uint8_t src = s.src.load(std::memory_order_relaxed);
    const uint8_t dst = s.dst.load(std::memory_order_relaxed);
    return s.kif->name + " " + proto_text(wire.proto) + " " + side_text(shown, other, 1) +
           (out ? " -> " : " <- ") + side_text(shown, other, 0) + "       " +
           peer_text(wire.proto, out ? src : dst) + ":" + peer_text(wire.proto, out ? dst : src);
}

}  // namespace model::pf
