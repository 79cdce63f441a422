#include "model/kern/refcnt.h"

#include "model/kern/assert.h"
#include "model/kern/sleep.h"

namespace model::kern {

void refcnt_take(refcnt& r) {
    heddle_take(&r.refs, &r);
    // Whoever may call this has a reference or is in a read section, both ordered by other means.
    const uint32_t before = r.refs.fetch_add(1, std::memory_order_relaxed);
    kassert(before != UINT32_MAX, "refcnt_take: overflow");
}

bool refcnt_rele(refcnt& r) {
    heddle_put(&r.refs, &r);
    const uint32_t before = r.refs.fetch_sub(1, std::memory_order_acq_rel);
    kassert(before != 0, "refcnt_rele: below zero");
    return before == 1;
}

void refcnt_rele_wake(refcnt& r) {
    // Read while the reference is still ours: after the decrement the object may be gone, and a
    // finalizer that has not gone to sleep yet may have freed it. The channel outlives both.
    sleep_channel* channel = r.channel;
    if (refcnt_rele(r)) {
        wakeup_one(*channel);
    }
}

void refcnt_finalize(refcnt& r, const char* wmesg) {
    heddle_may_sleep(wmesg);
    if (refcnt_rele(r)) {
        return;
    }
    uint32_t refs;
    do {
        // Queue first, then look: a last reference dropped after the look finds us queued.
        sleeper self;
        sleep_setup(*r.channel, self, wmesg);
        refs = r.refs.load(std::memory_order_acquire);
        sleep_finish(*r.channel, self, refs != 0);
    } while (refs != 0);
}

uint32_t refcnt_read(const refcnt& r) {
    return r.refs.load(std::memory_order_relaxed);
}

}  // namespace model::kern
