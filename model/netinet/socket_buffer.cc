#include "model/netinet/socket_buffer.h"

#include <cerrno>
#include <utility>

#include "model/kern/proc.h"
#include "model/net/fate.h"
#include "model/net/mbuf.h"
#include "model/net/stack.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

namespace {

delivery may_append_locked(const sockbuf& sb, size_t length) {
    if (sb.sb_cantrcvmore) {
        return delivery::closed;
    }
    const bool room = sb.sb_count < sb.sb_limit && sb.sb_cc + length <= sb_hiwat;
    return room ? delivery::done : delivery::full;
}

void append_locked(sockbuf& sb, sockrecord* record) {
    (sb.tail == nullptr ? sb.head : sb.tail->next) = record;
    sb.tail = record;
    ++sb.sb_count;
    if (sb.sb_got.size() < sb_got_max) {
        sb.sb_got += sb.sb_got.empty() ? "" : " ";
        sb.sb_got += std::to_string(record->m->packet) + ":" + std::to_string(record->m->len);
    }
    sb.sb_cc += record->m->len;
}

sockrecord* take_first_locked(sockbuf& sb) {
    sockrecord* record = sb.head;
    if (record != nullptr) {
        sb.head = record->next;
        sb.tail = sb.head == nullptr ? nullptr : sb.tail;
        record->next = nullptr;
        --sb.sb_count;
        sb.sb_cc -= record->m->len;
    }
    return record;
}

// Whether there is something to return with: a record, or the end.
bool is_readable_locked(const sockbuf& sb) {
    return sb.head != nullptr || sb.sb_error != 0 || sb.sb_cantrcvmore;
}

// Who sleeps, or is about to and is queued already, is woken with the mutex released.
void sowakeup(sockbuf& sb, bool somebody_waits) {
    if (somebody_waits) {
        kern::wakeup(sb.sb_channel);
    }
}

}  // namespace

delivery sbappendaddr(net::stack& st, sockbuf& sb, net::mbuf* m, const sockaddr& from,
                      const char* name) {
    auto* record = new sockrecord{nullptr, m, from};
    pf::pf_pkt_addr_changed(st, *m);  // what lies in a buffer keeps no state from being freed
    bool somebody_waits = false;
    kern::mtx_enter(sb.sb_mtx);
    const delivery outcome = may_append_locked(sb, m->len);
    if (outcome == delivery::done) {
        somebody_waits = std::exchange(sb.sb_wait, false);
        if (name != nullptr) {
            net::fate_set(st, *m, net::fate::delivered, name);  // while it is ours
        }
        append_locked(sb, record);
    }
    kern::mtx_leave(sb.sb_mtx);
    sowakeup(sb, somebody_waits);
    if (outcome != delivery::done) {
        delete record;
    }
    return outcome;
}

int sbreceive(sockbuf& sb, sockrecord** record) {
    // The first look is without being queued: mostly there is something.
    for (bool queued = false;; queued = true) {
        kern::sleeper self;
        const kern::sleep_catch signals(queued ? &sb.sb_channel : nullptr);
        if (queued) {
            kern::sleep_setup(sb.sb_channel, self, "netio");
        }
        kern::mtx_enter(sb.sb_mtx);
        const bool readable = is_readable_locked(sb);
        *record = take_first_locked(sb);
        const int error = *record != nullptr ? 0 : std::exchange(sb.sb_error, 0);
        sb.sb_wait = sb.sb_wait || (queued && !readable);
        kern::mtx_leave(sb.sb_mtx);
        const int signal = readable ? 0 : signals.pending();
        if (queued) {
            kern::sleep_finish(sb.sb_channel, self, !readable && signal == 0);
        }
        if (readable) {
            return *record != nullptr || error != 0 ? error : ESHUTDOWN;
        }
        if (signal != 0) {
            return signal;
        }
    }
}

void sbrecord_free(net::stack& st, sockrecord* record) {
    net::m_freem(st, record->m);
    delete record;
}

void socantrcvmore(sockbuf& sb, int error) {
    kern::mtx_enter(sb.sb_mtx);
    sb.sb_cantrcvmore = true;
    sb.sb_error = sb.sb_error == 0 ? error : sb.sb_error;
    const bool somebody_waits = std::exchange(sb.sb_wait, false);
    kern::mtx_leave(sb.sb_mtx);
    sowakeup(sb, somebody_waits);
}

void soerror(sockbuf& sb, int error) {
    kern::mtx_enter(sb.sb_mtx);
    sb.sb_error = error;
    sb.sb_error_left.store(true, std::memory_order_relaxed);
    const bool somebody_waits = std::exchange(sb.sb_wait, false);
    kern::mtx_leave(sb.sb_mtx);
    sowakeup(sb, somebody_waits);
}

size_t sbspace(sockbuf& sb) {
    kern::mtx_enter(sb.sb_mtx);
    const size_t space = sb_hiwat - sb.sb_cc;
    kern::mtx_leave(sb.sb_mtx);
    return space;
}

int sberror(sockbuf& sb) {
    kern::mtx_enter(sb.sb_mtx);
    const int error = std::exchange(sb.sb_error, 0);
    sb.sb_error_left.store(false, std::memory_order_relaxed);
    kern::mtx_leave(sb.sb_mtx);
    return error;
}

void sbflush(net::stack& st, sockbuf& sb) {
    kern::mtx_enter(sb.sb_mtx);
    sockrecord* record = std::exchange(sb.head, nullptr);
    sb.tail = nullptr;
    sb.sb_count = 0;
    sb.sb_cc = 0;
    kern::mtx_leave(sb.sb_mtx);
    while (record != nullptr) {
        sockrecord* next = record->next;
        sbrecord_free(st, record);
        record = next;
    }
}

}  // namespace model::netinet
