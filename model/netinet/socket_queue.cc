#include "model/netinet/socket_queue.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "model/kern/proc.h"
#include "model/netinet/socket.h"

namespace model::netinet {

namespace {

void wake(socket_queue& q, bool somebody_waits) {
    if (somebody_waits) {
        kern::wakeup(q.soq_channel);
    }
}

bool take(std::deque<socket*>& from, const socket* so) {
    const auto at = std::find(from.begin(), from.end(), so);
    if (at == from.end()) {
        return false;
    }
    from.erase(at);
    return true;
}

}  // namespace

void soqlisten(socket& head, unsigned backlog) {
    socket_queue& q = head.so_queue;
    kern::mtx_enter(q.soq_mtx);
    q.soq_limit = std::clamp(backlog, 1U, somaxconn);
    kern::mtx_leave(q.soq_mtx);
}

std::vector<socket*> soqclose(socket& head) {
    socket_queue& q = head.so_queue;
    kern::mtx_enter(q.soq_mtx);
    q.soq_limit = 0;
    std::vector<socket*> all(q.unfinished.begin(), q.unfinished.end());
    all.insert(all.end(), q.finished.begin(), q.finished.end());
    q.unfinished.clear();
    q.finished.clear();
    const bool somebody_waits = std::exchange(q.soq_wait, false);
    kern::mtx_leave(q.soq_mtx);
    wake(q, somebody_waits);
    return all;
}

bool soqinsque(socket& head, socket& so) {
    socket_queue& q = head.so_queue;
    kern::mtx_enter(q.soq_mtx);
    const bool room = q.unfinished.size() + q.finished.size() < q.soq_limit;
    if (room) {
        q.unfinished.push_back(&so);
    }
    kern::mtx_leave(q.soq_mtx);
    return room;
}

void soisconnected(socket& so) {
    if (so.so_head == nullptr) {
        return;
    }
    socket_queue& q = so.so_head->so_queue;
    bool somebody_waits = false;
    kern::mtx_enter(q.soq_mtx);
    // It may have been reset meanwhile, or who listened may have gone.
    if (take(q.unfinished, &so)) {
        q.finished.push_back(&so);
        somebody_waits = std::exchange(q.soq_wait, false);
    }
    kern::mtx_leave(q.soq_mtx);
    wake(q, somebody_waits);
}

bool soqremque(socket& so) {
    if (so.so_head == nullptr) {
        return false;
    }
    socket_queue& q = so.so_head->so_queue;
    kern::mtx_enter(q.soq_mtx);
    const bool was_there = take(q.unfinished, &so) || take(q.finished, &so);
    kern::mtx_leave(q.soq_mtx);
    return was_there;
}

int soqaccept(socket& head, socket** so) {
    socket_queue& q = head.so_queue;
    // The first look is without being queued: mostly there is something.
    for (bool queued = false;; queued = true) {
        kern::sleeper self;
        const kern::sleep_catch signals(queued ? &q.soq_channel : nullptr);
        if (queued) {
            kern::sleep_setup(q.soq_channel, self, "netcon");
        }
        kern::mtx_enter(q.soq_mtx);
        const bool listens = q.soq_limit != 0;
        *so = q.finished.empty() ? nullptr : q.finished.front();
        if (*so != nullptr) {
            q.finished.pop_front();
        }
        const bool go_on = *so != nullptr || !listens;
        q.soq_wait = q.soq_wait || (queued && !go_on);
        kern::mtx_leave(q.soq_mtx);
        const int signal = go_on ? 0 : signals.pending();
        if (queued) {
            kern::sleep_finish(q.soq_channel, self, !go_on && signal == 0);
        }
        if (go_on) {
            return *so != nullptr ? 0 : queued ? ECONNABORTED : EINVAL;
        }
        if (signal != 0) {
            return signal;
        }
    }
}

}  // namespace model::netinet
