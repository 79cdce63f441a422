#include "model/netinet/ip_icmp.h"

#include <algorithm>
#include <cstring>

#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/netinet/icmp_ctlinput.h"
#include "model/netinet/icmp_mtudisc.h"
#include "model/netinet/icmp_redirect.h"
#include "model/netinet/in.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_options.h"
#include "model/netinet/ip_output.h"
#include "model/netinet/ip_var.h"
#include "model/netinet/raw_ip.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

icmp_quote icmp_quote_of(const mbuf& m) {
    icmp_quote quote;
    const ip_view ip({m.data, m.len});
    quote.size = std::min(ip.header_size() + 8, m.len);
    quote.flags = m.flags;
    quote.rtableid = m.ph_rtableid;
    quote.pf_flags = m.pf.flags & PF_TAG_GENERATED;
    std::memcpy(quote.bytes.data(), m.data, quote.size);
    return quote;
}

// ---- errors -------------------------------------------------------------------------------------

namespace {

// RFC 1122 3.2.2: what must never cause an error, so that errors cannot multiply.
bool may_cause_error(const icmp_quote& quote, const ip_view& ip) {
    if ((quote.flags & (M_BCAST | M_MCAST)) != 0 || ip.fragment_offset() != 0) {
        return false;
    }
    const uint32_t src = ip.source();
    if (in_multicast(src) || in_this_network(src) || in_loopback(src) || src == inaddr_broadcast ||
        in_multicast(ip.destination()) || ip.destination() == inaddr_broadcast) {
        return false;
    }
    if (ip.protocol() != ipproto_icmp) {
        return true;
    }
    const bool has_type = quote.size > ip.header_size();
    return has_type && !icmp_is_error(quote.bytes[ip.header_size()]);
}

// icmp_ratelimit: true if the errors of this second are used up.
bool is_too_frequent(stack& st) {
    ip_state& state = *st.ip;
    const int limit = state.errppslimit.load(std::memory_order_relaxed);
    if (limit < 0) {
        return false;
    }
    const int64_t now = kern::getuptime(st.clock);
    kern::mtx_enter(state.mtx);
    if (state.error_second != now) {
        state.error_second = now;
        state.error_count = 0;
    }
    const bool too_frequent = state.error_count >= limit;
    state.error_count += too_frequent ? 0 : 1;
    kern::mtx_leave(state.mtx);
    return too_frequent;
}

// Packs the quote behind an IP and an ICMP header; the addresses of the former come later. Null: no buffer.
mbuf* icmp_do_error(stack& st, const icmp_quote& quote, uint8_t type, uint8_t code,
                    uint32_t value) {
    mbuf* m = m_get(st, ip_size_min + icmp_minlen + quote.size);
    if (m == nullptr) {
        return nullptr;
    }
    const ip_view ip({m->data, m->len});
    const uint8_t tos = quote.bytes[1] & 0xfc;  // the class of the packet, not its congestion bits
    ip.write({.tos = tos, .ttl = ip_ttl_max, .protocol = ipproto_icmp}, 0);
    const icmp_view icmp(ip.payload());
    icmp.set_type(type);
    icmp.set_code(code);
    icmp.set_void(value);
    std::memcpy(icmp.data().data(), quote.bytes.data(), quote.size);
    icmp.update_sum();
    m->pf.flags = quote.pf_flags;
    m->ph_rtableid = quote.rtableid;
    return m;
}

// A port or a protocol that we have not: the packet was for an address of ours, and its sender knows us by that.
bool was_for_us(uint8_t type, uint8_t code, uint32_t dst) {
    return type == icmp_unreach && (code == icmp_unreach_port || code == icmp_unreach_protocol) &&
           dst != inaddr_broadcast;
}

}  // namespace

void icmp_error(stack& st, const icmp_quote& quote, uint8_t type, uint8_t code, uint32_t value) {
    icmp_quote copy = quote;
    const ip_view ip({copy.bytes.data(), copy.size});
    counter_inc(st, counter::icps_error);
    if (!may_cause_error(quote, ip)) {
        counter_inc(st, counter::icps_oldicmp);
        return;
    }
    if (is_too_frequent(st)) {
        counter_inc(st, counter::icps_toofreq);
        return;
    }
    mbuf* m = icmp_do_error(st, quote, type, code, value);
    if (m == nullptr) {
        return;
    }
    const ip_view answer({m->data, m->len});
    answer.set_destination(ip.source());
    answer.set_source(was_for_us(type, code, ip.destination()) ? ip.destination() : inaddr_any);
    uint32_t mtu = 0;
    // Its source, left open, becomes the address of the interface it leaves by.
    ip_output(st, m, nullptr, 0, &mtu);
}

// ---- input --------------------------------------------------------------------------------------

namespace {

void icmp_drop(stack& st, mbuf* m, counter which, const char* reason) {
    counter_inc(st, which);
    m_drop(st, m, reason);
}

// Whether an answer may go to that address at all.
bool may_be_answered(const ip_view& ip) {
    const uint32_t src = ip.source();
    return !in_multicast(src) && !in_this_network(src) && src != inaddr_broadcast;
}

// Turns a request for us into its answer, in place.
void icmp_reflect(stack& st, mbuf* m) {
    ip_echooptions(*m);
    const ip_view ip({m->data, m->len});
    const bool was_for_one = (m->flags & (M_BCAST | M_MCAST)) == 0 &&
                             ip.destination() != inaddr_broadcast && ip.destination() != inaddr_any;
    // The address it was sent to, if that is an address of ours; else that of the way back.
    const uint32_t src = was_for_one ? ip.destination() : inaddr_any;
    ip.set_destination(ip.source());
    ip.set_source(src);
    ip.set_ttl(ip_ttl_max);
    ip.set_off(0);
    m_resethdr(st, *m);
    counter_inc(st, counter::icps_reflect);
    const icmp_view icmp(ip.payload());
    icmp.update_sum();
    uint32_t mtu = 0;
    ip_output(st, m, nullptr, 0, &mtu);
}

// Whether a request is answered; else it has been dropped.
bool may_answer(stack& st, mbuf* m) {
    const bool for_all = (m->flags & (M_BCAST | M_MCAST)) != 0;
    if (for_all && st.ip->bmcastecho.load(std::memory_order_relaxed) == 0) {
        icmp_drop(st, m, counter::icps_bmcastecho, "bmcastecho");
        return false;
    }
    if (!may_be_answered(ip_view({m->data, m->len}))) {
        icmp_drop(st, m, counter::ips_badaddr, "badaddr");
        return false;
    }
    return true;
}

// The packet ends here; what leaves is ours.
void answer(stack& st, mbuf* m, uint8_t type) {
    fate_set(st, *m, fate::delivered, "icmp");
    m->packet = 0;
    icmp_view(ip_view({m->data, m->len}).payload()).set_type(type);
    icmp_reflect(st, m);
}

void icmp_echo_request(stack& st, mbuf* m) {
    if (may_answer(st, m)) {
        answer(st, m, icmp_echoreply);
    }
}

// RFC 792: when it came, and when the answer left, which here is the same moment.
void icmp_tstamp_request(stack& st, mbuf* m) {
    const icmp_view icmp(ip_view({m->data, m->len}).payload());
    if (icmp.data().size() < icmp_tstamp_data) {
        icmp_drop(st, m, counter::icps_badlen, "badlen");
        return;
    }
    if (may_answer(st, m)) {
        const byte_view times(icmp.data());
        times.put_u32(4, iptime(st));
        times.put_u32(8, times.u32(4));
        answer(st, m, icmp_tstampreply);
    }
}

// RFC 950: the mask of the address by which the sender reaches us. False: there is nothing to say, and others may want it.
bool icmp_mask_request(stack& st, ifnet& ifp, mbuf* m) {
    const ip_view ip({m->data, m->len});
    const icmp_view icmp(ip.payload());
    if (st.ip->maskrepl.load(std::memory_order_relaxed) == 0 ||
        icmp.data().size() < icmp_mask_data) {
        return false;
    }
    const uint32_t dst = ip.destination();
    const bool for_one = dst != inaddr_any && dst != inaddr_broadcast;
    ifaddr* ifa = ifa_ifp_onnet(st, ifp, for_one ? dst : ip.source());
    if (ifa == nullptr) {
        return false;
    }
    byte_view(icmp.data()).put_u32(0, ifa->ifa_netmask);
    ifafree(ifa);
    answer(st, m, icmp_maskreply);
    return true;
}

// Whether what an error says of itself makes sense: its code, and that it carries the packet that it is about.
enum class soundness { sound, bad_code, too_short };

soundness check_error(const icmp_view& icmp) {
    constexpr struct {
        uint8_t type;
        uint8_t last_code;
    } codes[] = {{icmp_unreach, icmp_unreach_precedence_cutoff},
                 {icmp_timxceed, 1},
                 {icmp_paramprob, 1},
                 {icmp_sourcequench, 0}};  // a redirect judges itself
    for (const auto& c : codes) {
        if (c.type != icmp.type()) {
            continue;
        }
        if (icmp.code() > c.last_code) {
            return soundness::bad_code;
        }
        const std::span<uint8_t> quoted = icmp.data();
        const bool complete = quoted.size() >= ip_size_min + 8 &&
                              ip_view(quoted).header_size() >= ip_size_min &&
                              quoted.size() >= ip_view(quoted).header_size() + 8;
        return complete ? soundness::sound : soundness::too_short;
    }
    return soundness::sound;
}

// The kernel itself waits for no answers. What errors say of packets of ours reaches who sent them.
// Not null: why the message is dropped.
const char* icmp_error_input(stack& st, const ip_view& ip, const icmp_view& icmp,
                             unsigned tableid) {
    if (icmp.type() == icmp_redirect) {
        return icmp_redirect_input(st, ip, icmp, tableid);
    }
    if (icmp.type() == icmp_unreach && icmp.code() == icmp_unreach_needfrag) {
        icmp_needfrag_input(st, ip.destination(), icmp.data(), icmp.next_mtu(), tableid);
    } else if (const int error = icmp_errno(icmp.type(), icmp.code()); error != 0) {
        icmp_ctlinput(st, ip.destination(), icmp.data(), error, rtable_l2(st, tableid));
    }
    return nullptr;
}

}  // namespace

void icmp_input(stack& st, ifnet& ifp, mbuf* m) {
    const ip_view ip({m->data, m->len});
    if (ip.payload().size() < icmp_minlen) {
        icmp_drop(st, m, counter::icps_tooshort, "tooshort");
        return;
    }
    const icmp_view icmp(ip.payload());
    if (!icmp.sum_is_right()) {
        icmp_drop(st, m, counter::icps_checksum, "badsum");
        return;
    }
    const bool tstamp =
        icmp.type() == icmp_tstamp && st.ip->tstamprepl.load(std::memory_order_relaxed) != 0;
    if ((icmp.type() != icmp_echo && !tstamp) || pf::pf_find_divert(*m)) {
        if (icmp.type() == icmp_maskreq && !pf::pf_find_divert(*m) &&
            icmp_mask_request(st, ifp, m)) {
            return;
        }
        const soundness how = check_error(icmp);
        if (how == soundness::too_short) {
            icmp_drop(st, m, counter::icps_badlen, "badlen");
            return;
        }
        // What pf diverts is a program's to answer. What changes something is for raw sockets, too, and so is an unknown code.
        const char* wrong = nullptr;
        if (how == soundness::bad_code) {
            counter_inc(st, counter::icps_badcode);
        } else {
            wrong = icmp_error_input(st, ip, icmp, m->ph_rtableid);
        }
        if (wrong != nullptr) {
            m_drop(st, m, wrong);
        } else {
            rip_input(st, m);
        }
        return;
    }
    // Their code is nobody's affair; the answer has it, too.
    if (tstamp) {
        icmp_tstamp_request(st, m);
    } else {
        icmp_echo_request(st, m);
    }
}

}  // namespace model::netinet
