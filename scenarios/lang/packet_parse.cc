// The notation of packets: words -> packet_spec. The other direction is packet_print.cc.

#include <algorithm>
#include <limits>
#include <utility>

#include "scenarios/lang/packet.h"
#include "scenarios/lang/packet_names.h"
#include "scenarios/lang/structure.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

// One packet being read.
class packet_reader {
  public:
    packet_reader(word_cursor& words, packet_use use, bool quoted = false)
        : words_(words), use_(use), quoted_(quoted) {}

    packet_spec read() {
        span start = words_.place();
        size_t family = words_.take_one_of("kind of packet", {"IP", "ARP"});
        if (!words_.ok()) {
            return packet_;
        }
        if (family == 1) {
            read_arp();
        } else {
            read_ip();
        }
        read_options();
        check_fragment(start);
        return std::move(packet_);
    }

  private:
    // '...': the field stays open. Only what is expected may leave a field open that way.
    bool take_dont_care() {
        const word& next = words_.peek();
        if (!next.is("...") && !next.is("...,") && !next.is("...:")) {
            return false;
        }
        if (use_ == packet_use::send) {
            words_.fail("'...' in a packet that is sent", "it means \"don't care\" in `IF > ...`");
            return true;
        }
        words_.take(next.text);
        return true;
    }

    std::optional<mac> take_mac() {
        if (take_dont_care()) {
            return std::nullopt;
        }
        word w = words_.take_word("an Ethernet address");
        std::optional<mac> address = parse_mac(w.text);
        if (!address) {
            words_.fail_at(w.at, "'" + w.text + "' is not an Ethernet address",
                           "six bytes of two digits: 02:00:00:00:01:01");
        }
        return address;
    }

    std::optional<ipv4> take_ipv4() {
        if (take_dont_care()) {
            return std::nullopt;
        }
        word w = words_.take_word("an IPv4 address");
        return address_of(w, w.text);
    }

    std::optional<ipv4> address_of(const word& w, std::string_view text) {
        std::optional<ipv4> address = parse_ipv4(text);
        if (!address) {
            words_.fail_at(w.at, "'" + std::string(text) + "' is not an IPv4 address",
                           "four numbers from 0 to 255: 10.0.1.9");
        }
        return address;
    }

    template <typename Integer>
    std::optional<Integer> take_field(std::string_view what) {
        if (take_dont_care()) {
            return std::nullopt;
        }
        return number_of<Integer>(words_.take_word(what), what);
    }

    template <typename Integer>
    std::optional<Integer> number_of(const word& w, std::string_view what) {
        std::string text = w.text;
        if (!text.empty() && text.back() == ',') {
            text.pop_back();
        }
        constexpr uint64_t high = std::numeric_limits<Integer>::max();
        std::optional<uint64_t> value = parse_number(text);
        if (!value || *value > high) {
            words_.fail_at(w.at, "'" + text + "' is not " + std::string(what),
                           "a number from 0 to " + std::to_string(high));
            return std::nullopt;
        }
        return static_cast<Integer>(*value);
    }

    // "10.0.1.9", "10.0.1.9.1234", "10.0.1.9.*", the destination with a ':' behind it.
    void read_end(bool destination) {
        if (destination && words_.next_is("...")) {
            words_.fail("':' is missing behind the destination");
        }
        if (take_dont_care()) {
            return;
        }
        word w = words_.take_word(destination ? "the destination" : "the source");
        std::string_view text = w.text;
        if (destination && (text.empty() || text.back() != ':')) {
            words_.fail_at(w.at, "':' is missing behind the destination");
            return;
        }
        text.remove_suffix(destination ? 1 : 0);
        if (std::count(text.begin(), text.end(), '.') == 4) {
            size_t dot = text.rfind('.');
            read_port(w, text.substr(dot + 1), destination);
            text = text.substr(0, dot);
        }
        (destination ? packet_.destination : packet_.source) = address_of(w, text);
        (destination ? destination_word_ : source_word_) = w;
    }

    void read_port(const word& w, std::string_view text, bool destination) {
        (destination ? destination_has_port_ : source_has_port_) = true;
        if (text == "*" && use_ == packet_use::expect) {
            return;
        }
        std::optional<uint64_t> port = parse_number(text);
        if (!port || *port > 0xffff) {
            words_.fail_at(w.at, "'" + std::string(text) + "' is not a port",
                           "a number from 0 to 65535");
            return;
        }
        (destination ? packet_.destination_port : packet_.source_port) =
            static_cast<uint16_t>(*port);
    }

    void read_ip() {
        read_end(false);
        words_.expect(">");
        read_end(true);
        switch (words_.take_one_of("protocol", {"udp", "icmp", "proto", "Flags"})) {
            case 0:
                packet_.kind = packet_kind::udp;
                packet_.length = take_field<uint16_t>("the length of the payload");
                break;
            case 1:
                packet_.kind = packet_kind::icmp;
                read_icmp();
                break;
            case 2:
                packet_.kind = packet_kind::proto;
                packet_.protocol = take_field<uint8_t>("a protocol number");
                words_.expect("len");
                packet_.length = take_field<uint16_t>("the length of the payload");
                break;
            default:
                packet_.kind = packet_kind::tcp;
                read_tcp();
        }
        check_ports();
        check_length();
    }

    void check_ports() {
        bool wanted = packet_.kind == packet_kind::udp || packet_.kind == packet_kind::tcp;
        for (bool destination : {false, true}) {
            const word& w = destination ? destination_word_ : source_word_;
            bool given = destination ? destination_has_port_ : source_has_port_;
            if (!w.empty() && given != wanted) {
                words_.fail_at(w.at, wanted ? "the port is missing" : "there is no port here",
                               wanted ? "ADDRESS.PORT: 10.0.1.9.1234" : "");
            }
        }
    }

    void check_length() {
        constexpr int length_max = 65535 - 20 - 20;
        if (packet_.length && *packet_.length > length_max) {
            words_.fail("the packet is longer than 65535 bytes");
        }
    }

    void read_icmp() {
        std::vector<std::string> first = {"echo", "time", "unreachable", "redirect"};
        std::string name = first[words_.take_one_of("kind of ICMP message", first)];
        std::vector<std::string> second;
        for (std::string_view known : icmp_names) {
            if (known.substr(0, known.find(' ')) == name) {
                second.emplace_back(known.substr(known.find(' ') + 1));
            }
        }
        name += " " + second[words_.take_one_of("kind of " + name, second)];
        auto found = std::find(std::begin(icmp_names), std::end(icmp_names), name);
        packet_.icmp = static_cast<icmp_kind>(found - std::begin(icmp_names));
        if (!is_error(packet_.icmp)) {
            packet_.echo_id = take_optional<uint16_t>("id", "an echo id");
            packet_.echo_sequence = take_optional<uint16_t>("seq", "a sequence number");
            packet_.length = take_optional<uint16_t>("len", "the length of the payload");
        }
        if (packet_.icmp == icmp_kind::unreachable_needfrag) {
            packet_.mtu = take_optional<uint16_t>("mtu", "an MTU");
        }
        if (is_redirect(packet_.icmp)) {
            words_.expect("to");
            packet_.gateway = take_ipv4();
        }
    }

    template <typename Integer>
    std::optional<Integer> take_optional(std::string_view name, std::string_view what) {
        return words_.take(name) ? take_field<Integer>(what) : std::nullopt;
    }

    void read_tcp() {
        if (!take_dont_care()) {
            read_flags(words_.take_word("flags such as [S.]"));
        }
        packet_.sequence = take_optional<uint32_t>("seq", "a sequence number");
        packet_.acknowledgement = take_optional<uint32_t>("ack", "a sequence number");
        packet_.window = take_optional<uint16_t>("win", "a window");
        packet_.length = take_optional<uint16_t>("length", "the length of the payload");
    }

    void read_flags(const word& w) {
        std::string_view text = w.text;
        if (!text.empty() && text.back() == ',') {
            text.remove_suffix(1);
        }
        bool bracketed = text.size() >= 3 && text.front() == '[' && text.back() == ']';
        text = bracketed ? text.substr(1, text.size() - 2) : "";
        uint8_t bits = 0;
        bool good = bracketed;
        for (char c : text == "none" ? "" : text) {
            auto known = std::find_if(std::begin(flag_letters), std::end(flag_letters),
                                      [&](const flag_letter& f) { return f.letter == c; });
            good = good && known != std::end(flag_letters);
            bits |= good ? known->bit : 0;
        }
        if (!good) {
            words_.fail_at(w.at, "'" + w.text + "' is not a set of TCP flags",
                           "letters of FSRP.UEW in brackets: [S.], or [none]");
        }
        packet_.flags = bits;
    }

    void read_arp() {
        if (words_.take("who-has")) {
            packet_.kind = packet_kind::arp_request;
            packet_.destination = take_ipv4();
            words_.expect("tell");
            packet_.source = take_ipv4();
            packet_.hardware = words_.take("at") ? take_mac() : std::nullopt;
            return;
        }
        const word& first = words_.peek();
        if (!near_matches(first.text, {"who-has"}).empty()) {
            words_.fail("unknown word '" + first.text + "' in a packet", "did you mean 'who-has'?");
        }
        packet_.kind = packet_kind::arp_reply;
        packet_.source = take_ipv4();
        words_.expect("is-at");
        packet_.hardware = take_mac();
        if (words_.take("to")) {
            packet_.destination = take_ipv4();
        }
    }

    // What may follow any packet.
    void read_options() {
        while (!words_.at_end() && !ends_packet(words_.peek())) {
            bool arp = is_arp(packet_.kind);
            if (take_dont_care()) {
                continue;
            }
            if (words_.take("src")) {
                packet_.ethernet_source = take_mac();
            } else if (words_.take("dst")) {
                packet_.ethernet_destination = take_mac();
            } else if (arp || !read_ip_option()) {
                words_.fail("unknown word '" + words_.peek().text + "' in a packet",
                            did_you_mean(words_.peek().text, option_names(arp)));
            }
        }
    }

    [[nodiscard]] std::vector<std::string> option_names(bool arp) const {
        std::vector<std::string> names = {"src", "dst"};
        if (!arp) {
            names.insert(names.end(),
                         {"ttl", "id", "ipid", "tos", "df", "no-df", "mf", "no-mf", "offset"});
        }
        if (may_quote()) {
            names.emplace_back("quoting");
        }
        return names;
    }

    bool read_ip_option() {
        if (words_.take("ttl")) {
            packet_.ttl = take_field<uint8_t>("a TTL");
        } else if (words_.take("ipid") || words_.take("id")) {
            packet_.ip_id = take_field<uint16_t>("an IP id");
        } else if (words_.take("tos")) {
            packet_.tos = take_field<uint8_t>("a type of service");
        } else if (words_.take("df") || words_.take("no-df")) {
            packet_.dont_fragment = words_.previous().is("df");
        } else if (words_.take("mf") || words_.take("no-mf")) {
            packet_.more_fragments = words_.previous().is("mf");
        } else if (words_.next_is("offset")) {
            read_offset();
        } else if (may_quote() && words_.take("quoting")) {
            packet_.quoted = {packet_reader(words_, use_, true).read()};
        } else {
            return false;
        }
        return true;
    }

    void read_offset() {
        words_.take("offset");
        span at = words_.place();
        packet_.fragment_offset = take_field<uint16_t>("an offset");
        if (packet_.fragment_offset.value_or(0) % 8 != 0) {
            words_.fail_at(at, "the offset of a fragment is a multiple of 8");
        }
    }

    // An error is never sent about an error (RFC 1122 3.2.2).
    [[nodiscard]] bool may_quote() const {
        return !quoted_ && packet_.kind == packet_kind::icmp && is_error(packet_.icmp);
    }

    // With the transport header in one fragment only, lengths and checksums of the notation would
    // mean nothing.
    void check_fragment(const span& start) {
        bool fragment =
            packet_.more_fragments.value_or(false) || packet_.fragment_offset.value_or(0) > 0;
        if (fragment && packet_.kind != packet_kind::proto) {
            words_.fail_at(start, "a fragment is written as 'proto N len N'");
        }
    }

    static bool ends_packet(const word& w) {
        return w.is(")") || w.is("and") || w.is("or") || w.is("implies") || w.is("as");
    }

    word_cursor& words_;
    packet_use use_;
    bool quoted_;
    packet_spec packet_;
    word source_word_;
    word destination_word_;
    bool source_has_port_ = false;
    bool destination_has_port_ = false;
};

}  // namespace

packet_spec parse_packet(word_cursor& words, packet_use use) {
    return packet_reader(words, use).read();
}

std::optional<packet_spec> parse_packet(std::string_view text, packet_use use, std::string* error) {
    sources texts;
    diagnostics out(texts);
    uint32_t file = texts.add("packet", std::string(text));
    std::vector<statement_node> lines = read_structure(file, out).statements;
    packet_spec packet;
    if (lines.size() == 1 && !lines[0].has_block && !lines[0].raw) {
        word_cursor words(lines[0].words, lines[0].end(), out);
        packet = parse_packet(words, use);
        words.finish();
    } else {
        out.add({file, 1, 1, 1}, "expected one packet");
    }
    std::vector<diagnostic> errors = out.take();
    if (error != nullptr) {
        *error = render(errors);
    }
    return errors.empty() ? std::optional(packet) : std::nullopt;
}

}  // namespace scenario
