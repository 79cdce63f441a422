#include "model/net/wire.h"

#include <cstring>

#include "sim/annotate_packet.h"

namespace model::net {

namespace {

void forget(wire& w) {
    while (w.head != nullptr) {
        wire_frame* next = w.head->next;
        wire_frame_free(w.head);
        w.head = next;
    }
    w.tail = nullptr;
    w.length = 0;
}

}  // namespace

wire::~wire() {
    forget(*this);
}

void wire_plug(wire& w, const wire_far_end& far_end) {
    kern::mtx_enter(w.mtx);
    forget(w);
    w.far_end = far_end;
    kern::mtx_leave(w.mtx);
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
    heddle_frame_out(&w, frame->bytes, frame->length, frame->packet);
    if (w.far_end.take != nullptr) {
        w.far_end.take(w.far_end.argument, frame->bytes, frame->length);
        wire_frame_free(frame);
        return;
    }
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
