// ping: echo requests through a raw socket, each waiting for its answer.
#include <cerrno>
#include <optional>
#include <vector>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/kern/proc.h"
#include "model/net/mbuf.h"
#include "model/net/stack.h"
#include "model/netinet/icmp.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip.h"
#include "model/netinet/raw_ip.h"
#include "model/netinet/socket.h"

namespace model::admin {

using namespace net;

namespace {

struct pinging {
    uint32_t count = 1;
    uint32_t data = 56;
    uint32_t wait = 0;  // seconds for an answer; 0: for good
    uint32_t host = 0;
    uint32_t tableid = 0;
};

// Where somebody may give up, natively, as ping(8) does behind its last packet; a simulation waits for good.
constexpr uint32_t wait_default = 10;

std::optional<pinging> parse_ping(arguments args) {
    pinging p;
    p.wait = kern::curproc_or_null() == nullptr ? 0 : wait_default;
    while (args.size() >= 3 &&
           (args[0] == "-c" || args[0] == "-s" || args[0] == "-w" || args[0] == "-V")) {
        const bool is_size = args[0] == "-s";
        const bool is_table = args[0] == "-V";
        const auto value =
            is_table ? parse_table(args[1]) : parse_number(args[1], is_size ? 65000 : UINT16_MAX);
        if (!value || (!is_size && !is_table && *value == 0)) {
            return std::nullopt;
        }
        (is_table ? p.tableid : is_size ? p.data : args[0] == "-c" ? p.count : p.wait) = *value;
        args = args.subspan(2);
    }
    const auto host = args.size() == 1 ? parse_address(args[0]) : std::nullopt;
    if (!host) {
        return std::nullopt;
    }
    p.host = *host;
    return p;
}

std::vector<uint8_t> echo_request(const pinging& p, uint16_t id, uint16_t sequence) {
    std::vector<uint8_t> bytes(netinet::icmp_minlen + p.data);
    const netinet::icmp_view icmp(bytes);
    icmp.set_type(netinet::icmp_echo);
    icmp.set_void(static_cast<uint32_t>(id) << 16 | sequence);
    icmp.update_sum();
    return bytes;
}

// Whether the packet is the answer: a raw socket gets those of others as well.
bool is_answer(mbuf& m, uint16_t id, uint16_t sequence) {
    const netinet::ip_view ip({m.data, m.len});
    if (ip.payload().size() < netinet::icmp_minlen) {
        return false;
    }
    const netinet::icmp_view icmp(ip.payload());
    return icmp.type() == netinet::icmp_echoreply && icmp.id() == id && icmp.sequence() == sequence;
}

void print_answer(mbuf& m, uint16_t sequence, std::string& out) {
    const netinet::ip_view ip({m.data, m.len});
    out += std::to_string(ip.payload().size()) + " bytes from " + address_text(ip.source()) +
           ": icmp_seq=" + std::to_string(sequence) + " ttl=" + std::to_string(ip.ttl()) + "\n";
}

// Sleeps until the answer is there, or the time for it is over.
int wait_for_answer(stack& st, const pinging& p, netinet::socket& so, uint16_t id,
                    uint16_t sequence, std::string& out) {
    const kern::sleep_limit limit(st.timeouts, p.wait);
    for (;;) {
        netinet::sockrecord* record = nullptr;
        if (const int error = netinet::soreceive(st, so, &record); error != 0) {
            return error;
        }
        const bool answer = is_answer(*record->m, id, sequence);
        if (answer) {
            print_answer(*record->m, sequence, out);
        }
        netinet::sbrecord_free(st, record);
        if (answer) {
            return 0;
        }
    }
}

}  // namespace

int ping(stack& st, arguments args, std::string& out) {
    const auto p = parse_ping(args);
    if (!p) {
        out += "usage: ping [-c count] [-s size] [-V rtable] [-w maxwait] host\n";
        return 1;
    }
    if (rtable_get(st, p->tableid) == nullptr) {
        return err(out, "ping", "setsockopt SO_RTABLE", EINVAL);
    }
    netinet::socket* so =
        netinet::socreate(st, netinet::rip_proto, "ping", netinet::ipproto_icmp, p->tableid);
    const auto id = static_cast<uint16_t>(st.inet->echo_ident.fetch_add(1) + 1);
    const std::string host = address_text(p->host);
    const netinet::sockaddr to = {p->host, 0};
    out += "PING " + host + " (" + host + "): " + std::to_string(p->data) + " data bytes\n";
    uint32_t received = 0;
    uint32_t sent = 0;
    for (int error = 0; sent < p->count && error != EINTR; ++sent) {
        const auto sequence = static_cast<uint16_t>(sent);
        error = netinet::sosend(st, *so, echo_request(*p, id, sequence), &to);
        if (error != 0) {
            errx(out, "ping", "sendmsg: " + std::string(error_text(error)));
            continue;
        }
        error = wait_for_answer(st, *p, *so, id, sequence, out);
        received += error == 0 ? 1 : 0;
    }
    netinet::soclose(st, so);
    const uint32_t lost = sent - received;
    out += "\n--- " + host + " ping statistics ---\n" + std::to_string(sent) +
           " packets transmitted, " + std::to_string(received) + " packets received, " +
           std::to_string(lost * 100 / sent) + "." + std::to_string(lost * 1000 / sent % 10) +
           "% packet loss\n";
    return received == 0 ? 1 : 0;
}

}  // namespace model::admin
