// refcnt.h - reference counter; its last holder may be waited for.
// Source:  refcnt_init(9) of OpenBSD.
// Shapes:  1 when made: the creator's.
// Locks:   [a] atomic  [I] immutable. No function but refcnt_finalize sleeps.
// Errors:  none; a count below zero or an overflow is an assertion.
#pragma once

#include <atomic>
#include <cstdint>

namespace model::kern {

struct sleep_channel;

struct refcnt {
    std::atomic<uint32_t> refs{1};     // [a]
    sleep_channel* channel = nullptr;  // [I] where a finalizer sleeps; outlives the counter
};

// Legal only with a reference, or where something else keeps the count from reaching zero (an SMR
// read section in which the object was found).
void refcnt_take(refcnt& r);

// True for the last one, who must free the object.
[[nodiscard]] bool refcnt_rele(refcnt& r);

// For counters that somebody finalizes: the last one out wakes the finalizer. The object may be gone
// as soon as the count has reached zero.
void refcnt_rele_wake(refcnt& r);

// Drops the caller's reference and sleeps until nobody has one. Only one finalizer may ever be. The
// caller must hold no lock that a holder of a reference could want.
void refcnt_finalize(refcnt& r, const char* wmesg);

// A value that may be old at once; for reports and assertions.
[[nodiscard]] uint32_t refcnt_read(const refcnt& r);

}  // namespace model::kern
