// sha1.h - the SHA-1 sum of a text, which names what a module is made of.
// Source:  FIPS 180-4. The same sum as `cmake -E sha1sum`, which the build uses for the manifest.
// Shapes:  40 hexadecimal digits in lower case.
// Locks:   none; plain values.
// Errors:  none. Not a protection against anybody who wants two texts with one sum.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace scenario {

class sha1 {
  public:
    void add(std::string_view bytes);
    // Adds the length first, so that no two lists of fields are the same bytes.
    void add_field(std::string_view bytes);
    // Ends the sum: call it once, and add nothing more.
    [[nodiscard]] std::string hex();

  private:
    void take_block();

    std::array<uint32_t, 5> state_ = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    std::array<uint8_t, 64> block_ = {};
    size_t used_ = 0;      // bytes of the block that are filled
    uint64_t length_ = 0;  // bytes added
};

[[nodiscard]] std::string sha1_of(std::string_view bytes);

}  // namespace scenario
