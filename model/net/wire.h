// wire.h - what hangs on the connector of an interface: keeps every frame that left.
// Shapes:  one for each unit of the driver; it outlives interfaces, which come and go.
// Locks:   [W] wire mutex  [a] atomic. Appending a frame is one operation on the wire.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "model/kern/mutex.h"

namespace model::net {

struct wire_frame {
    wire_frame* next = nullptr;
    size_t length = 0;
    uint32_t packet = 0;  // number of the packet that it carries; 0: made by the stack
    uint8_t* bytes = nullptr;
};

struct wire {
    wire() = default;
    ~wire();
    wire(const wire&) = delete;
    wire& operator=(const wire&) = delete;

    std::atomic<uint32_t> ifidx{0};  // [a] the interface that listens; 0: none
    kern::mutex mtx{kern::ipl_net};  // leaf; cards are given frames in their interrupts, too
    wire_frame* head = nullptr;      // [W]
    wire_frame* tail = nullptr;      // [W]
    unsigned length = 0;             // [W]
};

void wire_append(wire& w, const uint8_t* bytes, size_t length, uint32_t packet);

// The n-th frame, from 0; null behind the last. Runs alone.
[[nodiscard]] const wire_frame* wire_frame_or_null(const wire& w, unsigned n);

}  // namespace model::net
