// ethernet.h - Ethernet addresses and headers, frames in and out of an interface.
// Source:  IEEE 802.3 (DIX form); RFC 894; names after OpenBSD net/if_ethersubr.
// Shapes:  an address is 48 bits in a word, first octet on top: it is copied without tearing.
// Locks:   callers hold a reference to the interface.
// Errors:  int errno with the BSD meaning; the packet is consumed in every case.
#pragma once

#include <cstddef>
#include <cstdint>

namespace model::net {

struct stack;
struct ifnet;
struct mbuf;
struct rtentry;

inline constexpr size_t ether_header_length = 14;
inline constexpr size_t ether_addr_length = 6;
inline constexpr uint32_t ether_mtu = 1500;
inline constexpr uint16_t ethertype_ip = 0x0800;
inline constexpr uint16_t ethertype_arp = 0x0806;
inline constexpr uint16_t ethertype_vlan = 0x8100;

using ether_addr = uint64_t;  // 0 is no address

inline constexpr ether_addr ether_broadcast = 0xffffffffffff;

inline constexpr bool ether_is_multicast(ether_addr address) {
    return (address >> 40 & 1) != 0;
}

[[nodiscard]] ether_addr ether_addr_get(const uint8_t* from);
void ether_addr_put(uint8_t* to, ether_addr address);

// "02:00:00:00:01:01"; out has 18 bytes.
void ether_addr_print(ether_addr address, char* out);
// False if the text is not an address.
[[nodiscard]] bool ether_addr_parse(const char* text, ether_addr* address);

struct ether_header {
    ether_addr dhost = 0;
    ether_addr shost = 0;
    uint16_t type = 0;
};

// False if the frame is shorter than a header.
[[nodiscard]] bool ether_header_get(const uint8_t* frame, size_t length, ether_header* header);
void ether_header_put(uint8_t* frame, const ether_header& header);

// A received frame: marks broadcast and multicast, strips the header, hands the packet to
// netinet::arpinput or netinet::ip_input_if, which consume it.
void ether_input(stack& st, ifnet& ifp, mbuf* m);

// if_output of an Ethernet: an IP packet for the host `dst` (the next hop) over the route rt, which
// may be null for broadcasts. netinet::arpresolve finds the address; if it holds the packet, that
// counts as success.
int ether_output(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt);

// Prepends a header and queues the frame: for ARP, and for packets whose address is known.
int ether_output_to(stack& st, ifnet& ifp, mbuf* m, ether_addr dhost, uint16_t type);

// What every Ethernet driver sets up before if_attach.
void ether_ifattach(ifnet& ifp);

// if_setup_locked of an Ethernet without hardware: it runs while it is up.
int ether_setup_locked(stack& st, ifnet& ifp, bool up);

}  // namespace model::net
