#include "viz/pcapng_blocks.h"

#include <algorithm>

namespace viz {

namespace {

constexpr uint32_t section_block = 0x0A0D0D0A;
constexpr uint32_t interface_block = 1;
constexpr uint32_t packet_block = 6;

constexpr uint16_t opt_comment = 1;
constexpr uint16_t shb_userappl = 4;
constexpr uint16_t if_name = 2;
constexpr uint16_t if_description = 3;
constexpr uint16_t if_tsresol = 9;
constexpr uint16_t epb_flags = 2;
constexpr uint16_t epb_packetid = 5;

void put(std::string& to, uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) {
        to += static_cast<char>(value >> 8 * i & 255);
    }
}

std::string number(uint64_t value, unsigned bytes) {
    std::string out;
    put(out, value, bytes);
    return out;
}

void pad(std::string& to) {
    to.append((4 - to.size() % 4) % 4, '\0');
}

void option(std::string& to, uint16_t code, std::string_view value) {
    if (value.empty()) {
        return;
    }
    value = value.substr(0, std::min<size_t>(value.size(), 65535));
    put(to, code, 2);
    put(to, value.size(), 2);
    to += value;
    pad(to);
}

void end_options(std::string& to) {
    put(to, 0, 4);
}

}  // namespace

void pcapng_blocks::section(std::string_view comment, std::string_view application) {
    std::string body;
    put(body, 0x1A2B3C4D, 4);
    put(body, 1, 2);
    put(body, 0, 2);
    put(body, UINT64_MAX, 8);  // its length is not said
    option(body, opt_comment, comment);
    option(body, shb_userappl, application);
    end_options(body);
    block(section_block, body);
}

uint32_t pcapng_blocks::interface(std::string_view name, std::string_view description,
                                  uint8_t resolution) {
    std::string body;
    put(body, 1, 2);  // Ethernet
    put(body, 0, 2);
    put(body, 0, 4);  // no limit
    option(body, if_name, name);
    option(body, if_description, description);
    option(body, if_tsresol, number(resolution, 1));
    end_options(body);
    block(interface_block, body);
    return interfaces_++;
}

void pcapng_blocks::add(const packet& p) {
    std::string body;
    put(body, p.interface, 4);
    put(body, p.time >> 32, 4);
    put(body, p.time, 4);
    put(body, p.bytes.size(), 4);
    put(body, p.bytes.size(), 4);
    body += p.bytes;
    pad(body);
    option(body, opt_comment, p.comment);
    if (p.flags != 0) {
        option(body, epb_flags, number(p.flags, 4));
    }
    if (p.number != 0) {
        option(body, epb_packetid, number(p.number, 8));
    }
    end_options(body);
    block(packet_block, body);
}

void pcapng_blocks::block(uint32_t type, const std::string& body) {
    const uint64_t length = body.size() + 12;
    put(out_, type, 4);
    put(out_, length, 4);
    out_ += body;
    put(out_, length, 4);
}

}  // namespace viz
