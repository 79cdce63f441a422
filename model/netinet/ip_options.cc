#include "model/netinet/ip_options.h"

#include "model/net/stack.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_icmp.h"

namespace model::netinet {

using namespace net;

namespace {

constexpr uint8_t ipopt_eol = 0;
constexpr uint8_t ipopt_nop = 1;
constexpr uint8_t ipopt_lsrr = 131;
constexpr uint8_t ipopt_ssrr = 137;

mbuf* refuse(stack& st, mbuf* m, uint8_t type, uint8_t code, uint32_t value, const char* reason) {
    counter_inc(st, counter::ips_badoptions);
    icmp_error(st, icmp_quote_of(*m), type, code, value);
    m_drop(st, m, reason);
    return nullptr;
}

// The pointer of a parameter problem is the first octet of the second word.
mbuf* malformed(stack& st, mbuf* m, size_t at) {
    return refuse(st, m, icmp_paramprob, 0, static_cast<uint32_t>(at) << 24, "badoptions");
}

}  // namespace

mbuf* ip_dooptions(stack& st, mbuf* m) {
    const ip_view ip({m->data, m->len});
    const byte_view header(ip.header());
    size_t at = ip_size_min;
    while (at < header.size() && header.u8(at) != ipopt_eol) {
        const uint8_t kind = header.u8(at);
        if (kind == ipopt_nop) {
            ++at;
            continue;
        }
        if (at + 1 >= header.size()) {
            return malformed(st, m, at);
        }
        const size_t length = header.u8(at + 1);
        if (length < 2 || length > header.size() - at) {
            return malformed(st, m, at + 1);
        }
        if (kind == ipopt_lsrr || kind == ipopt_ssrr) {
            return refuse(st, m, icmp_unreach, icmp_unreach_srcfail, 0, "srcroute");
        }
        at += length;
    }
    return m;
}

}  // namespace model::netinet
