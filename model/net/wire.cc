#include "model/net/wire.h"

#include <cstring>

namespace model::net {

wire::~wire() {
    while (head != nullptr) {
        wire_frame* next = head->next;
        wire_frame_free(head);
        head = next;
    }
}

wire_frame* wire_frame_get(const uint8_t* bytes, size_t length, uint32_t packet) {
    auto* frame = new wire_frame;
    frame->length = length;
    frame->packet = packet;
    frame->bytes = new uint8_t[length];
    memcpy(frame->bytes, bytes, length);
    return frame;
}

void wire_frame_free(wire_frame* frame) {
    delete[] frame->bytes;
    delete frame;
}

void wire_append_locked(wire& w, wire_frame* frame) {
    (w.tail == nullptr ? w.head : w.tail->next) = frame;
    w.tail = frame;
    ++w.length;
}

const wire_frame* wire_frame_or_null(const wire& w, unsigned n) {
    const wire_frame* frame = w.head;
    while (frame != nullptr && n-- > 0) {
        frame = frame->next;
    }
    return frame;
}

}  // namespace model::net
