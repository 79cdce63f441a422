#include "model/net/ethernet.h"

#include <cerrno>
#include <cstdio>

#include "model/net/bytes.h"
#include "model/net/if_vlan.h"
#include "model/net/stack.h"
#include "model/netinet/arp.h"
#include "model/netinet/ip_input.h"

namespace model::net {

ether_addr ether_addr_get(const uint8_t* from) {
    return static_cast<ether_addr>(get_be16(from)) << 32 | get_be32(from + 2);
}

void ether_addr_put(uint8_t* to, ether_addr address) {
    put_be16(to, static_cast<uint16_t>(address >> 32));
    put_be32(to + 2, static_cast<uint32_t>(address));
}

void ether_addr_print(ether_addr address, char* out) {
    uint8_t octet[ether_addr_length];
    ether_addr_put(octet, address);
    snprintf(out, 18, "%02x:%02x:%02x:%02x:%02x:%02x", octet[0], octet[1], octet[2], octet[3],
             octet[4], octet[5]);
}

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

bool ether_addr_parse(const char* text, ether_addr* address) {
    ether_addr result = 0;
    for (size_t octet = 0; octet < ether_addr_length; ++octet) {
        if (octet != 0 && *text++ != ':') {
            return false;
        }
        int value = hex_digit(*text);
        if (value < 0) {
            return false;
        }
        ++text;
        if (const int low = hex_digit(*text); low >= 0) {
            value = value * 16 + low;
            ++text;
        }
        result = result << 8 | static_cast<unsigned>(value);
    }
    *address = result;
    return *text == '\0';
}

bool ether_header_get(const uint8_t* frame, size_t length, ether_header* header) {
    if (length < ether_header_length) {
        return false;
    }
    header->dhost = ether_addr_get(frame);
    header->shost = ether_addr_get(frame + ether_addr_length);
    header->type = get_be16(frame + 2 * ether_addr_length);
    return true;
}

void ether_header_put(uint8_t* frame, const ether_header& header) {
    ether_addr_put(frame, header.dhost);
    ether_addr_put(frame + ether_addr_length, header.shost);
    put_be16(frame + 2 * ether_addr_length, header.type);
}

void ether_input(stack& st, ifnet& ifp, mbuf* m) {
    ether_header header;
    if (!ether_header_get(m->data, m->len, &header)) {
        counter_inc(st, counter::if_ierrors);
        if_counter_inc(ifp.if_counters, if_counter::ierrors);
        m_drop(st, m, "tooshort");
        return;
    }
    if (header.type == ethertype_vlan) {
        vlan_input(st, ifp, m);  // whose it is looks at the address
        return;
    }
    if (header.dhost == ether_broadcast) {
        m->flags |= M_BCAST;
    } else if (ether_is_multicast(header.dhost)) {
        m->flags |= M_MCAST;
    } else if (header.dhost != if_lladdr(ifp)) {
        m_drop(st, m, "notforus");  // what the filter of the hardware does
        return;
    }
    m_adj(*m, ether_header_length);
    if (header.type == ethertype_ip) {
        netinet::ip_input_if(st, ifp, m);
    } else if (header.type == ethertype_arp) {
        netinet::arpinput(st, ifp, m);
    } else {
        counter_inc(st, counter::if_noproto);
        m_drop(st, m, "noproto");
    }
}

int ether_output(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt) {
    const uint32_t wanted = IFF_UP | IFF_RUNNING;
    if ((ifp.if_flags.load(std::memory_order_relaxed) & wanted) != wanted) {
        m_drop(st, m, "ifdown");
        return ENETDOWN;
    }
    ether_addr to = 0;
    const int error = netinet::arpresolve(st, ifp, m, dst, rt, &to);
    if (error != 0) {
        return error == EAGAIN ? 0 : error;
    }
    return ether_output_to(st, ifp, m, to, ethertype_ip);
}

int ether_output_to(stack& st, ifnet& ifp, mbuf* m, ether_addr dhost, uint16_t type) {
    uint8_t* frame = m_prepend(*m, ether_header_length);
    ether_header_put(frame, {dhost, if_lladdr(ifp), type});
    return if_enqueue(st, ifp, m);
}

void ether_ifattach(ifnet& ifp) {
    ifp.if_mtu.store(ether_mtu, std::memory_order_relaxed);
    ifp.if_flags.store(IFF_BROADCAST | IFF_SIMPLEX | IFF_MULTICAST, std::memory_order_relaxed);
    ifp.if_output = ether_output;
    ifp.if_input = ether_input;
    ifp.if_rtrequest = netinet::arp_rtrequest;
}

int ether_setup_locked(stack&, ifnet& ifp, bool up) {
    if (up) {
        ifp.if_flags.fetch_or(IFF_RUNNING, std::memory_order_relaxed);
    } else {
        ifp.if_flags.fetch_and(~IFF_RUNNING, std::memory_order_relaxed);
    }
    return 0;
}

}  // namespace model::net
