#include "model/net/wire.h"

#include <cstring>

#include "sim/annotate.h"

namespace model::net {

wire::~wire() {
    while (head != nullptr) {
        wire_frame* next = head->next;
        delete[] head->bytes;
        delete head;
        head = next;
    }
}

void wire_append(wire& w, const uint8_t* bytes, size_t length, uint32_t packet) {
    auto* frame = new wire_frame;
    frame->length = length;
    frame->packet = packet;
    frame->bytes = new uint8_t[length];
    memcpy(frame->bytes, bytes, length);
    heddle_section_begin(&w, "wire");
    kern::mtx_enter(w.mtx);
    (w.tail == nullptr ? w.head : w.tail->next) = frame;
    w.tail = frame;
    ++w.length;
    kern::mtx_leave(w.mtx);
    heddle_section_end(&w);
}

const wire_frame* wire_frame_or_null(const wire& w, unsigned n) {
    const wire_frame* frame = w.head;
    while (frame != nullptr && n-- > 0) {
        frame = frame->next;
    }
    return frame;
}

}  // namespace model::net
