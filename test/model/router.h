// router.h - a router to test on, and what a test wants to do with it in few words.
// Locks:   those of the model; set-up runs alone.
// Errors:  a failed expectation.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/net/bytes.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/links.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/in_control.h"

namespace model_test {

constexpr uint32_t ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}

// Whether everything that conf_lock guards fits, which is looked at whenever it is given up.
inline bool configuration_holds(model::net::stack& st) {
    return model::net::if_idxmap_sound(&st) != 0 && model::net::addresses_linked(&st) != 0 &&
           model::net::routes_linked(&st) != 0 && model::net::nexthops_counted(&st) != 0 &&
           model::net::clones_have_parents(&st) != 0;
}

// Takes conf_lock while it lives; what it guards fits when it is given up.
class configuring {
  public:
    explicit configuring(model::net::stack& st) : st_(st) {
        model::kern::rw_enter_write(st_.conf_lock);
    }
    ~configuring() {
        EXPECT_TRUE(configuration_holds(st_));
        model::kern::rw_exit(st_.conf_lock);
    }
    configuring(const configuring&) = delete;
    configuring& operator=(const configuring&) = delete;

  private:
    model::net::stack& st_;
};

inline void create_interface(model::net::stack& st, const char* name) {
    const configuring lock(st);
    ASSERT_EQ(model::net::if_clone_create_locked(st, name, nullptr), 0);
}

// Makes the interface if it is not there, and gives it the address.
inline void add_address(model::net::stack& st, const char* name, uint32_t addr, uint8_t plen) {
    const configuring lock(st);
    model::net::ifnet* ifp = model::net::if_unit_locked(st, name);
    if (ifp == nullptr) {
        ASSERT_EQ(model::net::if_clone_create_locked(st, name, &ifp), 0);
    }
    ASSERT_EQ(model::netinet::in_ifinit_locked(st, *ifp, addr, plen), 0);
}

inline int add_route(model::net::stack& st, const model::net::rt_addrinfo& info) {
    const configuring lock(st);
    return model::net::rtrequest_add_locked(st, info, nullptr, 0);
}

inline int add_gateway(model::net::stack& st, uint32_t dest, uint8_t plen, uint32_t gateway) {
    model::net::rt_addrinfo info;
    info.dest = dest;
    info.plen = plen;
    info.flags = model::net::RTF_GATEWAY | model::net::RTF_STATIC;
    info.gateway = gateway;
    return add_route(st, info);
}

inline int delete_route(model::net::stack& st, uint32_t dest, uint8_t plen, unsigned prio) {
    const configuring lock(st);
    return model::net::rtrequest_delete_locked(st, dest, plen, prio, 0, nullptr, 0);
}

// A static neighbour.
inline int add_neighbour(model::net::stack& st, uint32_t addr, model::net::ether_addr lladdr) {
    const configuring lock(st);
    model::net::rtentry* rt = model::net::rtalloc_locked(st, addr, 0, 0);
    model::net::rt_addrinfo info;
    info.dest = addr;
    info.plen = 32;
    info.flags = model::net::RTF_HOST | model::net::RTF_STATIC;
    info.priority = model::net::RTP_CONNECTED - 1;
    info.ifidx = rt->rt_ifidx;
    info.ifa = rt->rt_ifa;
    info.lladdr = lladdr;
    const int error = model::net::rtrequest_add_locked(st, info, nullptr, 0);
    model::net::rtfree(rt);
    return error;
}

inline int64_t counter_of(const model::net::stack& st, model::net::counter which) {
    return model::net::counters_read(st.counters, which);
}

inline std::string fate_of(const model::net::stack& st, uint32_t packet) {
    char text[64];
    model::net::fate_print(st, packet, text, sizeof text);
    return text;
}

using bytes = std::vector<uint8_t>;

inline bytes frame(model::net::ether_addr to, model::net::ether_addr from, uint16_t type,
                   size_t payload) {
    bytes f(model::net::ether_header_length + payload);
    model::net::ether_header_put(f.data(), {to, from, type});
    return f;
}

// A UDP packet without payload in a frame; the header's checksum is right.
inline bytes udp_frame(model::net::ether_addr to, uint32_t src, uint32_t dst, uint8_t ttl) {
    bytes f = frame(to, 0x020000000901, model::net::ethertype_ip, 28);
    uint8_t* header = f.data() + model::net::ether_header_length;
    header[0] = 0x45;
    model::net::put_be16(header + 2, 28);
    header[8] = ttl;
    header[9] = 17;
    model::net::put_be32(header + 12, src);
    model::net::put_be32(header + 16, dst);
    uint32_t sum = 0;
    for (int i = 0; i < 20; i += 2) {
        sum += model::net::get_be16(header + i);
    }
    sum = (sum & 0xffff) + (sum >> 16);
    model::net::put_be16(header + 10, static_cast<uint16_t>(~(sum + (sum >> 16))));
    return f;
}

}  // namespace model_test
