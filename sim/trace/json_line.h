// json_line.h - writes JSON text, value by value, in the order of the calls.
// Source:  RFC 8259; fields in a fixed order, so that the same value gives the same bytes.
// Shapes:  text is UTF-8; a byte that is not part of valid UTF-8 is written as U+FFFD.
// Locks:   none; a writer belongs to one thread and the buffer outlives it.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace sim {

// Appends to one growing buffer, so that a long trace costs one allocation now and then.
class json_line {
  public:
    explicit json_line(fmt::memory_buffer& out) : out_(out) {}

    // Opens and closes an object or a list; `bracket` is one of { } [ ].
    void open(char bracket);
    void close(char bracket);

    // The name of the next value; only inside an object.
    void key(std::string_view name);
    void text(std::string_view value);
    void number(uint64_t value);
    void boolean(bool value);

    // A field of an object; it is left out when it is empty, zero or false.
    void field(std::string_view name, std::string_view value);
    void field(std::string_view name, uint64_t value);
    void flag(std::string_view name, bool value);
    void numbers(std::string_view name, const std::vector<uint32_t>& values);

  private:
    void separate();
    void quote(std::string_view s);
    size_t escape(std::string_view s);

    fmt::memory_buffer& out_;
    bool first_ = true;  // nothing stands before the next value in this object or list
};

}  // namespace sim
