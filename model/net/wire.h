// wire.h - what hangs on the connector of an interface: keeps every frame that left, or hands it to what is plugged in,
//          and may say to send no more yet.
// Shapes:  one for each unit of the driver; it outlives interfaces, which come and go.
// Locks:   [W] wire mutex  [a] atomic. What a card does to its wire and its rings is one operation on the wire.
// Errors:  none.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "model/kern/mutex.h"

namespace model::net {

// Beside the index of the interface that listens: nothing gets through.
inline constexpr uint32_t wire_down = 0x80000000;

struct wire_frame {
    wire_frame* next = nullptr;
    size_t length = 0;
    uint32_t packet = 0;  // number of the packet that it carries; 0: made by the stack
    uint8_t* bytes = nullptr;
};

// The other end of a wire in the world outside: takes each frame as it leaves, and keeps nothing of it. It is called
// with the wire's mutex, as the card has the cable for that moment; it does not block.
struct wire_far_end {
    void (*take)(void* argument, const uint8_t* bytes,
                 size_t length) = nullptr;  // null: nothing is plugged in
    void* argument = nullptr;
};

struct wire {
    wire() = default;
    ~wire();
    wire(const wire&) = delete;
    wire& operator=(const wire&) = delete;

    std::atomic<uint32_t> ifidx{0};  // [a] the interface that listens; 0: none; wire_down
    kern::mutex mtx{kern::ipl_net};  // leaf; cards are given frames in their interrupts, too
    bool down = false;               // [W] the card has no link: what it sends is lost
    bool paused = false;             // [W] a pause frame has come (802.3x): the card sends nothing
    wire_far_end far_end;            // [W]
    wire_frame* head = nullptr;      // [W] what has left while nothing was plugged in
    wire_frame* tail = nullptr;      // [W]
    unsigned length = 0;             // [W]
};

// A frame of these bytes that is on no wire yet: who has it frees it, or puts it on one.
[[nodiscard]] wire_frame* wire_frame_get(const uint8_t* bytes, size_t length, uint32_t packet);
void wire_frame_free(wire_frame* frame);

// From now on frames go there; what has left before is forgotten. With an empty end the wire keeps them again.
void wire_plug(wire& w, const wire_far_end& far_end);

// The frame leaves; the mutex is held.
void wire_append_locked(wire& w, wire_frame* frame);

// The n-th frame, from 0; null behind the last. Runs alone.
[[nodiscard]] const wire_frame* wire_frame_or_null(const wire& w, unsigned n);

}  // namespace model::net
