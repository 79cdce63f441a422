// annotate_packet.h - what a subject that forwards packets may say of one, for the trace; C and C++.
// Source:  views want the bytes (pcapng, a hex view) and what became of a packet; nothing of it changes a schedule.
// Shapes:  bytes are copied if the execution is written down, and else not even looked at.
// Locks:   none; may be used anywhere.
// Errors:  none.
#ifndef HEDDLE_ANNOTATE_PACKET_H
#define HEDDLE_ANNOTATE_PACKET_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifdef HEDDLE_SUBJECT

// These bytes leave on a wire, which is the object: its name's last word is that of the interface. `number` tells
// which packet they carry; 0: one that the subject has made itself.
void heddle_frame_out(const void* wire, const void* bytes, uint64_t size, uint32_t number);
// What becomes of a packet: "dropped", "noroute". The bytes are what is left of it, or null.
void heddle_packet_fate(const char* fate, const char* more, const void* bytes, uint64_t size,
                        uint32_t number);

#else

static inline void heddle_frame_out(const void* wire, const void* bytes, uint64_t size,
                                    uint32_t number) {
    (void)wire;
    (void)bytes;
    (void)size;
    (void)number;
}
static inline void heddle_packet_fate(const char* fate, const char* more, const void* bytes,
                                      uint64_t size, uint32_t number) {
    (void)fate;
    (void)more;
    (void)bytes;
    (void)size;
    (void)number;
}

#endif

#ifdef __cplusplus
}
#endif

#endif
