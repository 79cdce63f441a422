#include "model/kern/clock.h"
#include "model/net/stack.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

namespace {

constexpr size_t purge_batch_max = 64;  // states that are freed with the locks taken once

bool has_expired(const pf_softc& pf, const pf_state& s, int64_t now) {
    // Read once: what it becomes meanwhile may have no duration.
    const uint8_t timeout = s.timeout.load(std::memory_order_relaxed);
    if (timeout >= pftm_max) {
        return true;
    }
    const uint32_t seconds = pf.timeouts[timeout].load(std::memory_order_relaxed);
    return now >= s.expire.load(std::memory_order_relaxed) + seconds;
}

// References to the first expired states. Nobody takes a state off the list meanwhile; some may be added behind the
// tail, and are not looked at.
std::vector<pf_state*> collect_expired(stack& st) {
    pf_softc& pf = *st.pf;
    const int64_t now = kern::getuptime(st.clock);
    std::vector<pf_state*> expired;
    kern::rw_enter_read(pf.pfs_rwl);
    kern::mtx_enter(pf.list_mtx);
    pf_state* s = pf.list_head;
    pf_state* const tail = pf.list_tail;
    kern::mtx_leave(pf.list_mtx);
    while (s != nullptr && expired.size() < purge_batch_max) {
        if (has_expired(pf, *s, now)) {
            expired.push_back(pf_state_ref(s));
        }
        s = s == tail ? nullptr : s->list_next;
    }
    kern::rw_exit(pf.pfs_rwl);
    return expired;
}

}  // namespace

void pf_purge_expired_states(stack& st) {
    pf_softc& pf = *st.pf;
    for (;;) {
        const std::vector<pf_state*> expired = collect_expired(st);
        if (expired.empty()) {
            return;
        }
        // Between the look and this a packet may have prolonged a state; it is removed all the same, as it would have
        // been a moment earlier.
        kern::rw_enter_write(pf.pfs_rwl);
        kern::rw_enter_write(pf.lock);
        kern::rw_enter_write(pf.state_lock);
        for (pf_state* s : expired) {
            pf_remove_state_locked(st, s);
        }
        kern::rw_exit(pf.state_lock);
        for (pf_state* s : expired) {
            pf_free_state_locked(st, s);
        }
        kern::rw_exit(pf.lock);
        kern::rw_exit(pf.pfs_rwl);
        pf_states_unref(st, expired);
    }
}

// ---- every now and then -------------------------------------------------------------------------

namespace {

// softclock calls it, which is not to sleep for locks.
void purge_is_due(void* argument) {
    stack& st = *static_cast<stack*>(argument);
    kern::task_add(st.systq, st.pf->purge_task);
}

void arm_if_running(stack& st) {
    kern::rw_enter_write(st.pf->lock);
    if (st.pf->running.load(std::memory_order_relaxed)) {
        pf_purge_arm_locked(st);
    }
    kern::rw_exit(st.pf->lock);
}

void purge(void* argument) {
    stack& st = *static_cast<stack*>(argument);
    pf_purge_expired_states(st);
    arm_if_running(st);
}

}  // namespace

void pf_purge_init(stack& st) {
    kern::timeout_set_housekeeping(st.pf->purge_to, purge_is_due, &st, "pf_purge");
    kern::task_set(st.pf->purge_task, purge, &st);
}

void pf_purge_arm_locked(stack& st) {
    const uint32_t seconds = st.pf->timeouts[pftm_interval].load(std::memory_order_relaxed);
    kern::timeout_add_sec(st.timeouts, st.pf->purge_to, seconds);
}

void pf_purge_stop(stack& st) {
    kern::timeout_del_barrier(st.timeouts, st.pf->purge_to);
    kern::taskq_del_barrier(st.systq, st.pf->purge_task);
    // What has been disarmed may be that of somebody who has started pf again meanwhile.
    arm_if_running(st);
}

// ---- at somebody's wish -------------------------------------------------------------------------

unsigned pf_kill_states(stack& st, const std::vector<pf_state*>& states) {
    unsigned killed = 0;
    kern::rw_enter_write(st.pf->lock);
    kern::rw_enter_write(st.pf->state_lock);
    for (pf_state* s : states) {
        killed += s->unlinked.load(std::memory_order_relaxed) ? 0 : 1;
        pf_remove_state_locked(st, s);
    }
    kern::rw_exit(st.pf->state_lock);
    kern::rw_exit(st.pf->lock);
    return killed;
}

}  // namespace model::pf
