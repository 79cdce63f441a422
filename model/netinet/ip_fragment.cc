#include "model/netinet/ip_fragment.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "model/net/stack.h"
#include "model/netinet/ip.h"

namespace model::netinet {

using namespace net;

namespace {

// The options that belong into every fragment: those with the copy flag (RFC 791 3.1). Returns the
// size of the header with them, padded.
size_t ip_optcopy(const ip_view& ip, std::array<uint8_t, ip_size_max>& header) {
    const byte_view options(ip.header());
    std::memcpy(header.data(), options.bytes().data(), ip_size_min);
    size_t out = ip_size_min;
    size_t at = ip_size_min;
    while (at < options.size() && options.u8(at) != 0) {
        const size_t length = options.u8(at) == 1 ? 1 : options.u8(at + 1);
        if ((options.u8(at) & 0x80) != 0) {
            std::memcpy(header.data() + out, options.bytes().data() + at, length);
            out += length;
        }
        at += length;
    }
    while (out % 4 != 0) {
        header[out++] = 0;
    }
    header[0] = static_cast<uint8_t>(ip_version << 4 | out / 4);
    return out;
}

mbuf* make_fragment(stack& st, const mbuf& m, std::span<const uint8_t> header,
                    std::span<const uint8_t> payload, uint16_t off) {
    mbuf* fragment = m_get(st, header.size() + payload.size());
    if (fragment == nullptr) {
        return nullptr;
    }
    m_dup_pkthdr(st, *fragment, m);
    std::memcpy(fragment->data, header.data(), header.size());
    std::memcpy(fragment->data + header.size(), payload.data(), payload.size());
    const ip_view view({fragment->data, fragment->len});
    view.set_total_size(fragment->len);
    view.set_off(off);
    view.update_sum();
    return fragment;
}

}  // namespace

int ip_fragment(stack& st, mbuf* m, uint32_t mtu, mbuf_list* fragments) {
    const ip_view ip({m->data, m->len});
    std::array<uint8_t, ip_size_max> copied{};
    const std::span<uint8_t> rest_header(copied.data(), ip_optcopy(ip, copied));
    if (mtu < ip.header_size() + 8) {
        return EMSGSIZE;
    }
    const std::span<uint8_t> payload = ip.payload();
    std::span<uint8_t> header = ip.header();
    const uint16_t first_off = ip.off();  // it may be a fragment itself
    size_t at = 0;
    while (at < payload.size()) {
        const size_t room = (mtu - header.size()) / 8 * 8;
        const size_t size = std::min(room, payload.size() - at);
        const bool last = at + size == payload.size();
        uint16_t off = static_cast<uint16_t>(first_off + at / 8);
        if (!last) {
            off |= ip_mf;
        }
        mbuf* fragment = make_fragment(st, *m, header, payload.subspan(at, size), off);
        if (fragment == nullptr) {
            while (mbuf* made = ml_dequeue(*fragments)) {
                m_freem(st, made);  // of the packet as a whole the caller tells
            }
            return ENOBUFS;
        }
        fragment->packet = at == 0 ? m->packet : 0;
        ml_enqueue(*fragments, fragment);
        counter_inc(st, counter::ips_ofragments);
        header = rest_header;
        at += size;
    }
    m_freem(st, m);
    return 0;
}

}  // namespace model::netinet
