// pcapng_blocks.h - the blocks of a pcapng file, as bytes.
// Source:  draft-ietf-opsawg-pcapng: a section, interfaces, enhanced packets; options are number, length, value, padded.
// Shapes:  little-endian whatever the host is, so that the same trace gives the same bytes.
// Locks:   none; a writer belongs to one thread.
// Errors:  none; an option longer than 65535 bytes is cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace viz {

class pcapng_blocks {
  public:
    // The section begins the file.
    void section(std::string_view comment, std::string_view application);
    // Of Ethernet. `resolution`: a unit of time is 10 to the minus so much seconds. Answers its number.
    uint32_t interface(std::string_view name, std::string_view description, uint8_t resolution);

    struct packet {
        uint32_t interface = 0;
        uint64_t time = 0;
        std::string_view bytes;
        uint32_t flags = 0;   // 1 in, 2 out; 0: neither
        uint64_t number = 0;  // the same packet elsewhere has the same; 0: it has none
        std::string_view comment;
    };
    void add(const packet& p);

    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    void block(uint32_t type, const std::string& body);

    std::string out_;
    uint32_t interfaces_ = 0;
};

}  // namespace viz
