// netstat: who communicates with whom (-n), and the statistics of protocols (-s) and of routing (-rs).
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/netstat.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "model/netinet/tcp_var.h"

namespace model::admin {

using namespace net;
using netinet::inpcb;

namespace {

// ---- connections --------------------------------------------------------------------------------

struct row {
    std::string proto;
    size_t received = 0;
    size_t unsent = 0;
    netinet::sockaddr local;
    netinet::sockaddr foreign;
    const char* state = "";
};

std::string text_of(const row& r) {
    std::string line = left(r.proto, 7) + " " + right(std::to_string(r.received), 6) + " " +
                       right(std::to_string(r.unsent), 6) + "  " +
                       left(sockaddr_text(r.local), 22) + " " + left(sockaddr_text(r.foreign), 22) +
                       " " + r.state;
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

size_t bytes_received(netinet::socket& so) {
    kern::mtx_enter(so.so_rcv.sb_mtx);
    const size_t bytes = so.so_rcv.sb_cc;
    kern::mtx_leave(so.so_rcv.sb_mtx);
    return bytes;
}

// A line for a pcb; none if it has been closed meanwhile.
std::optional<row> row_of(stack& st, inpcb& inp, const char* proto) {
    netinet::socket* so = netinet::in_pcbsoref(inp);
    if (so == nullptr) {
        return std::nullopt;
    }
    netinet::solock_shared(*so);
    row r = {proto, 0, 0, {inp.inp_laddr, inp.inp_lport}, {inp.inp_faddr, inp.inp_fport}, ""};
    netinet::sounlock(*so);
    if (inp.inp_protocol > netinet::ipproto_icmp) {
        r.proto = std::to_string(inp.inp_protocol);  // a raw one's that has no name
    }
    if (netinet::tcpcb* tp = inp.inp_ppcb; tp != nullptr) {
        kern::mtx_enter(tp->t_mtx);
        r.state = netinet::tcpstates[tp->t_state];
        r.unsent = tp->snd_data.size();
        kern::mtx_leave(tp->t_mtx);
    }
    r.received = bytes_received(*so);
    netinet::sorele(st, so);
    return r;
}

void print_table(stack& st, netinet::inpcbtable& table, const char* proto, bool all,
                 std::string& out) {
    for (inpcb* inp : netinet::in_pcbs(table)) {
        const auto r = row_of(st, *inp, proto);
        if (r && (all || r->foreign.addr != 0)) {
            out += text_of(*r);
        }
        netinet::in_pcbunref(st, inp);
    }
}

void print_connections(stack& st, bool all, std::string& out) {
    out +=
        all ? "Active Internet connections (including servers)\n" : "Active Internet connections\n";
    out += left("Proto", 7) + " " + left("Recv-Q", 6) + " " + left("Send-Q", 6) + "  " +
           left("Local Address", 22) + " " + left("Foreign Address", 22) + " TCP-State\n";
    print_table(st, st.inet->tcbtable, "tcp", all, out);
    print_table(st, st.inet->udbtable, "udp", all, out);
    print_table(st, st.inet->rawcbtable, "icmp", all, out);
    print_table(st, st.inet->divcbtable, "divert", all, out);
}

// ---- statistics ---------------------------------------------------------------------------------

struct statistic {
    const char* protocol;
    counter which;
    const char* one;   // of one
    const char* many;  // of another number
};

constexpr statistic statistics[] = {
    {"ip", counter::ips_total, "total packet received", "total packets received"},
    {"ip", counter::ips_badsum, "bad header checksum", "bad header checksums"},
    {"ip", counter::ips_toosmall, "with size smaller than minimum",
     "with size smaller than minimum"},
    {"ip", counter::ips_tooshort, "with data size < data length", "with data size < data length"},
    {"ip", counter::ips_badhlen, "with header length < data size",
     "with header length < data size"},
    {"ip", counter::ips_badlen, "with data length < header length",
     "with data length < header length"},
    {"ip", counter::ips_badoptions, "with bad options", "with bad options"},
    {"ip", counter::ips_badvers, "with incorrect version number", "with incorrect version number"},
    {"ip", counter::ips_fragments, "fragment received", "fragments received"},
    {"ip", counter::ips_fragdropped, "fragment dropped (duplicates or out of space)",
     "fragments dropped (duplicates or out of space)"},
    {"ip", counter::ips_badfrags, "malformed fragment dropped", "malformed fragments dropped"},
    {"ip", counter::ips_fragtimeout, "fragment dropped after timeout",
     "fragments dropped after timeout"},
    {"ip", counter::ips_reassembled, "packet reassembled ok", "packets reassembled ok"},
    {"ip", counter::ips_delivered, "packet for this host", "packets for this host"},
    {"ip", counter::ips_noproto, "packet for unknown/unsupported protocol",
     "packets for unknown/unsupported protocol"},
    {"ip", counter::ips_forward, "packet forwarded", "packets forwarded"},
    {"ip", counter::ips_cantforward, "packet not forwardable", "packets not forwardable"},
    {"ip", counter::ips_localout, "packet sent from this host", "packets sent from this host"},
    {"ip", counter::ips_odropped, "output packet dropped due to no bufs, etc.",
     "output packets dropped due to no bufs, etc."},
    {"ip", counter::ips_noroute, "output packet discarded due to no route",
     "output packets discarded due to no route"},
    {"ip", counter::ips_fragmented, "output datagram fragmented", "output datagrams fragmented"},
    {"ip", counter::ips_ofragments, "fragment created", "fragments created"},
    {"ip", counter::ips_cantfrag, "datagram that can't be fragmented",
     "datagrams that can't be fragmented"},
    {"ip", counter::ips_rcvmemdrop, "fragment floods", "fragment floods"},
    {"ip", counter::ips_toolong, "packet with ip length > max ip packet size",
     "packets with ip length > max ip packet size"},
    {"ip", counter::ips_badaddr, "datagram with bad address in header",
     "datagrams with bad address in header"},
    {"ip", counter::ips_notmember, "multicast packet which we don't join",
     "multicast packets which we don't join"},
    {"ip", counter::ips_wrongif, "input packet on wrong interface",
     "input packets on wrong interface"},
    {"icmp", counter::icps_error, "call to icmp_error", "calls to icmp_error"},
    {"icmp", counter::icps_oldicmp, "error not generated because old message was icmp",
     "errors not generated because old message was icmp"},
    {"icmp", counter::icps_toofreq, "error not generated because of rate limitation",
     "errors not generated because of rate limitation"},
    {"icmp", counter::icps_badcode, "message with bad code fields",
     "messages with bad code fields"},
    {"icmp", counter::icps_tooshort, "message < minimum length", "messages < minimum length"},
    {"icmp", counter::icps_checksum, "bad checksum", "bad checksums"},
    {"icmp", counter::icps_badlen, "message with bad length", "messages with bad length"},
    {"icmp", counter::icps_bmcastecho, "echo request to broadcast/multicast rejected",
     "echo requests to broadcast/multicast rejected"},
    {"icmp", counter::icps_reflect, "message response generated", "message responses generated"},
    {"tcp", counter::tcps_sndtotal, "packet sent", "packets sent"},
    {"tcp", counter::tcps_rcvtotal, "packet received", "packets received"},
    {"tcp", counter::tcps_rcvshort, "discarded because packet too short",
     "discarded because packet too short"},
    {"tcp", counter::tcps_rcvbadoff, "discarded for bad header offset field",
     "discarded for bad header offset fields"},
    {"tcp", counter::tcps_rcvbadsum, "discarded for bad checksum", "discarded for bad checksums"},
    {"tcp", counter::tcps_noport, "discarded due to no socket", "discarded due to no socket"},
    {"tcp", counter::tcps_rcvduppack, "completely duplicate packet",
     "completely duplicate packets"},
    {"tcp", counter::tcps_rcvoopack, "out-of-order packet", "out-of-order packets"},
    {"tcp", counter::tcps_rcvpackafterwin, "packet of data after window",
     "packets of data after window"},
    {"tcp", counter::tcps_rcvafterclose, "packet received after close",
     "packets received after close"},
    {"tcp", counter::tcps_connattempt, "connection request", "connection requests"},
    {"tcp", counter::tcps_accepts, "connection accept", "connection accepts"},
    {"tcp", counter::tcps_connects, "connection established (including accepts)",
     "connections established (including accepts)"},
    {"tcp", counter::tcps_closed, "connection closed", "connections closed"},
    {"tcp", counter::tcps_drops, "connection reset by the other end",
     "connections reset by the other end"},
    {"tcp", counter::tcps_conndrops, "embryonic connection dropped",
     "embryonic connections dropped"},
    {"tcp", counter::tcps_listendrop, "connection dropped due to full queue",
     "connections dropped due to full queue"},
    {"udp", counter::udps_ipackets, "datagram received", "datagrams received"},
    {"udp", counter::udps_hdrops, "with incomplete header", "with incomplete header"},
    {"udp", counter::udps_badlen, "with bad data length field", "with bad data length field"},
    {"udp", counter::udps_badsum, "with bad checksum", "with bad checksum"},
    {"udp", counter::udps_nosum, "with no checksum", "with no checksum"},
    {"udp", counter::udps_noport, "dropped due to no socket", "dropped due to no socket"},
    {"udp", counter::udps_noportbcast, "broadcast/multicast datagram dropped due to no socket",
     "broadcast/multicast datagrams dropped due to no socket"},
    {"udp", counter::udps_fullsock, "dropped due to full socket buffers",
     "dropped due to full socket buffers"},
    {"udp", counter::udps_opackets, "datagram output", "datagrams output"},
    {"divert", counter::divs_ipackets, "total packet received", "total packets received"},
    {"divert", counter::divs_noport, "dropped due to no socket", "dropped due to no socket"},
    {"divert", counter::divs_fullsock, "dropped due to full socket buffers",
     "dropped due to full socket buffers"},
    {"divert", counter::divs_opackets, "packet output", "packets output"},
    {"divert", counter::divs_errors, "error", "errors"},
};

constexpr statistic of_routing[] = {
    {"routing", counter::rts_badredirect, "bad routing redirect", "bad routing redirects"},
    {"routing", counter::rts_dynamic, "dynamically created route", "dynamically created routes"},
    {"routing", counter::rts_newgateway, "new gateway due to redirects",
     "new gateways due to redirects"},
    {"routing", counter::rts_unreach, "destination found unreachable",
     "destinations found unreachable"},
};

void print_statistics(const stack& st, std::span<const statistic> table, std::string& out) {
    std::string_view protocol;
    for (const statistic& s : table) {
        if (protocol != s.protocol) {
            protocol = s.protocol;
            out.append(protocol).append(":\n");
        }
        const int64_t value = counters_read(st.counters, s.which);
        out += "\t" + std::to_string(value) + " " + (value == 1 ? s.one : s.many) + "\n";
    }
}

}  // namespace

namespace {

int usage(std::string& out) {
    out += "usage: netstat [-an] | -in | -rn [-T rtable] | -rs | -s\n";
    return 1;
}

}  // namespace

int netstat(stack& st, arguments args, std::string& out) {
    const std::string_view what =
        args.size() == 1 || (args.size() == 3 && args[1] == "-T") ? args[0] : std::string_view{};
    if (args.size() == 3) {
        const auto tableid = parse_table(args[2]);
        if (!tableid) {
            return errx(out, "netstat", std::string(args[2]) + ": invalid table id");
        }
        if (what == "-rn" || what == "-nr") {
            netstat_routes(st, *tableid, out);
            return 0;
        }
        return usage(out);
    }
    if (what == "-s") {
        print_statistics(st, statistics, out);
    } else if (what == "-rs" || what == "-sr") {
        print_statistics(st, of_routing, out);
    } else if (what == "-n" || what == "-an" || what == "-na") {
        print_connections(st, what != "-n", out);
    } else if (what == "-rn" || what == "-nr") {
        netstat_routes(st, 0, out);
    } else if (what == "-in" || what == "-ni") {
        netstat_interfaces(st, out);
    } else {
        return usage(out);
    }
    return 0;
}

}  // namespace model::admin
