#include "sim/trace/json_line.h"

#include <iterator>

namespace sim {

namespace {

// Length of the valid UTF-8 sequence at the start of `s`, 0 if there is none. Names come from the
// subject and may hold any byte, yet a JSON text must be valid UTF-8.
size_t utf8_length(std::string_view s) {
    const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char lead = byte(0);
    const size_t length = lead < 0x80   ? 1
                          : lead < 0xc2 ? 0
                          : lead < 0xe0 ? 2
                          : lead < 0xf0 ? 3
                          : lead < 0xf5 ? 4
                                        : 0;
    if (length == 0 || length > s.size()) {
        return 0;
    }
    for (size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) {
            return 0;
        }
    }
    // Overlong forms, surrogates, and values beyond the last code point.
    const bool bad = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f) ||
                     (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f);
    return bad ? 0 : length;
}

}  // namespace

void json_line::open(char bracket) {
    separate();
    out_.push_back(bracket);
    first_ = true;
}

void json_line::close(char bracket) {
    out_.push_back(bracket);
    first_ = false;
}

void json_line::key(std::string_view name) {
    separate();
    quote(name);
    out_.push_back(':');
    first_ = true;
}

void json_line::text(std::string_view value) {
    separate();
    quote(value);
}

void json_line::number(uint64_t value) {
    separate();
    fmt::format_to(std::back_inserter(out_), "{}", value);
}

void json_line::boolean(bool value) {
    separate();
    out_.append(std::string_view(value ? "true" : "false"));
}

void json_line::field(std::string_view name, std::string_view value) {
    if (!value.empty()) {
        key(name);
        text(value);
    }
}

void json_line::field(std::string_view name, uint64_t value) {
    if (value != 0) {
        key(name);
        number(value);
    }
}

void json_line::flag(std::string_view name, bool value) {
    if (value) {
        key(name);
        boolean(true);
    }
}

void json_line::numbers(std::string_view name, const std::vector<uint32_t>& values) {
    if (values.empty()) {
        return;
    }
    key(name);
    open('[');
    for (const uint32_t value : values) {
        number(value);
    }
    close(']');
}

void json_line::separate() {
    if (!first_) {
        out_.push_back(',');
    }
    first_ = false;
}

void json_line::quote(std::string_view s) {
    out_.push_back('"');
    while (!s.empty()) {
        s.remove_prefix(escape(s));
    }
    out_.push_back('"');
}

// Writes the first character of `s`; returns how many bytes it had.
size_t json_line::escape(std::string_view s) {
    const char c = s.front();
    if (c == '"' || c == '\\') {
        out_.push_back('\\');
        out_.push_back(c);
        return 1;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<unsigned>(c));
        return 1;
    }
    const size_t length = utf8_length(s);
    out_.append(length == 0 ? std::string_view("\\ufffd") : s.substr(0, length));
    return length == 0 ? 1 : length;
}

}  // namespace sim
