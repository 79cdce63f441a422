// cable.h - what is plugged into the wire of an interface: frames come in and go out by it.
// Shapes:  a frame a read and a frame a write; neither blocks.
// Locks:   none; one context may read while another writes.
// Errors:  a frame that the other end does not take is lost, as on any cable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace model::host {

class cable {
  public:
    cable() = default;
    virtual ~cable() = default;
    cable(const cable&) = delete;
    cable& operator=(const cable&) = delete;

    // A frame that has come; 0: there is none now; -1: the other end is down or gone. Of a longer frame what has room.
    [[nodiscard]] virtual long read(uint8_t* frame, size_t size) = 0;
    // The frame leaves. False: it is lost.
    [[nodiscard]] virtual bool write(const uint8_t* frame, size_t length) = 0;

    // Readable, as poll(2) says: there may be a frame.
    [[nodiscard]] virtual int descriptor() const = 0;
    // What is at the other end.
    [[nodiscard]] virtual const std::string& name() const = 0;
};

}  // namespace model::host
