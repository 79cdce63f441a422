#include "scenarios/runner/sha1.h"

#include <bit>

namespace scenario {

void sha1::add(std::string_view bytes) {
    length_ += bytes.size();
    for (const char c : bytes) {
        block_[used_++] = static_cast<uint8_t>(c);
        if (used_ == block_.size()) {
            take_block();
        }
    }
}

void sha1::add_field(std::string_view bytes) {
    add(std::to_string(bytes.size()) + ":");
    add(bytes);
}

void sha1::take_block() {
    std::array<uint32_t, 80> w = {};
    for (size_t i = 0; i < 16; ++i) {
        for (size_t b = 0; b < 4; ++b) {
            w[i] = (w[i] << 8) | block_[4 * i + b];
        }
    }
    for (size_t i = 16; i < 80; ++i) {
        w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = state_;
    for (size_t i = 0; i < 80; ++i) {
        uint32_t f = b ^ c ^ d;
        uint32_t k = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
        if (i < 20) {
            f = (b & c) | (~b & d);
            k = 0x5a827999;
        } else if (i >= 40 && i < 60) {
            f = (b & c) | (b & d) | (c & d);
            k = 0x8f1bbcdc;
        }
        const uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
        e = d;
        d = c;
        c = std::rotl(b, 30);
        b = a;
        a = next;
    }
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
    state_[4] += e;
    used_ = 0;
}

std::string sha1::hex() {
    const uint64_t bits = length_ * 8;
    std::string end = "\x80";
    while ((length_ + end.size()) % 64 != 56) {
        end += '\0';
    }
    for (int shift = 56; shift >= 0; shift -= 8) {
        end += static_cast<char>((bits >> shift) & 0xff);
    }
    add(end);
    std::string text;
    for (const uint32_t word : state_) {
        for (int shift = 28; shift >= 0; shift -= 4) {
            text += "0123456789abcdef"[(word >> shift) & 0xf];
        }
    }
    return text;
}

std::string sha1_of(std::string_view bytes) {
    sha1 sum;
    sum.add(bytes);
    return sum.hex();
}

}  // namespace scenario
