// byte_view.h - a range of bytes whose big-endian fields are read and written with a check.
// Source:  the views of headers (ip.h, icmp.h, ether_arp.h) stand on it.
// Shapes:  network order in the bytes, host order at the interface. Does not own the bytes.
// Locks:   as the bytes it looks at.
// Errors:  reading or writing outside the range is a bug of ours and ends the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace model::netinet {

class byte_view {
  public:
    explicit byte_view(std::span<uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::span<uint8_t> bytes() const { return bytes_; }
    // Everything behind the first `offset` bytes.
    [[nodiscard]] std::span<uint8_t> from(size_t offset) const {
        check(offset, 0);
        return bytes_.subspan(offset);
    }

    [[nodiscard]] uint8_t u8(size_t at) const {
        check(at, 1);
        return bytes_[at];
    }
    [[nodiscard]] uint16_t u16(size_t at) const {
        check(at, 2);
        return static_cast<uint16_t>(bytes_[at] << 8 | bytes_[at + 1]);
    }
    [[nodiscard]] uint32_t u32(size_t at) const {
        check(at, 4);
        return static_cast<uint32_t>(u16(at)) << 16 | u16(at + 2);
    }

    void put_u8(size_t at, uint8_t value) const {
        check(at, 1);
        bytes_[at] = value;
    }
    void put_u16(size_t at, uint16_t value) const {
        check(at, 2);
        bytes_[at] = static_cast<uint8_t>(value >> 8);
        bytes_[at + 1] = static_cast<uint8_t>(value);
    }
    void put_u32(size_t at, uint32_t value) const {
        put_u16(at, static_cast<uint16_t>(value >> 16));
        put_u16(at + 2, static_cast<uint16_t>(value));
    }

  private:
    void check(size_t at, size_t count) const {
        if (at > bytes_.size() || bytes_.size() - at < count) {
            std::abort();
        }
    }

    std::span<uint8_t> bytes_;
};

}  // namespace model::netinet
