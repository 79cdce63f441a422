#include "model/kern/proc.h"

#include <cerrno>

namespace model::kern {

namespace {

thread_local proc* current = nullptr;

void patience_ends(void* argument) {
    psignal(*static_cast<proc*>(argument), EWOULDBLOCK);
}

}  // namespace

proc* curproc_or_null() {
    return current;
}

// The channel is woken under p_mtx: who sleeps there takes its name away under it, before the channel may go.
void psignal(proc& p, int why) {
    mtx_enter(p.p_mtx);
    if (p.p_signal != EINTR) {
        p.p_signal = why;
    }
    if (p.p_channel != nullptr) {
        wakeup(*p.p_channel);
    }
    mtx_leave(p.p_mtx);
}

proc_use::proc_use(proc& p) : before_(current) {
    current = &p;
}

proc_use::~proc_use() {
    current = before_;
}

sleep_catch::sleep_catch(sleep_channel* channel) : p_(channel == nullptr ? nullptr : current) {
    if (p_ != nullptr) {
        mtx_enter(p_->p_mtx);
        p_->p_channel = channel;
        mtx_leave(p_->p_mtx);
    }
}

sleep_catch::~sleep_catch() {
    if (p_ != nullptr) {
        mtx_enter(p_->p_mtx);
        p_->p_channel = nullptr;
        mtx_leave(p_->p_mtx);
    }
}

int sleep_catch::pending() const {
    if (p_ == nullptr) {
        return 0;
    }
    mtx_enter(p_->p_mtx);
    const int why = p_->p_signal;
    mtx_leave(p_->p_mtx);
    return why;
}

sleep_limit::sleep_limit(timeouts& ts, int64_t seconds)
    : ts_(ts), armed_(seconds > 0), p_(current == nullptr ? &own_ : current), before_(current) {
    if (armed_) {
        current = p_;
        timeout_set(end_, patience_ends, p_, "patience");
        timeout_add_sec(ts_, end_, seconds);
    }
}

sleep_limit::~sleep_limit() {
    if (!armed_) {
        return;
    }
    timeout_del_barrier(ts_, end_);
    mtx_enter(p_->p_mtx);
    if (p_->p_signal == EWOULDBLOCK) {
        p_->p_signal = 0;
    }
    mtx_leave(p_->p_mtx);
    current = before_;
}

}  // namespace model::kern
