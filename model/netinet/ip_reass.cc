#include "model/netinet/ip_reass.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "model/kern/invariant.h"
#include "model/net/stack.h"
#include "model/netinet/ip.h"
#include "model/netinet/ip_var.h"

namespace model::netinet {

using namespace net;

namespace {

constexpr const char* waits = "reass";  // beside `held`: whose queue it waits in
constexpr uint8_t ecn_mask = 0x03;
constexpr uint8_t ecn_ce = 0x03;
constexpr uint8_t ecn_notect = 0x00;

// What has left the queues; freed when the mutex has been given up.
struct leftovers {
    ipqent* head = nullptr;

    void add(ipqent* e) {
        e->next = head;
        head = e;
    }
    void free_all(stack& st) {
        while (ipqent* e = head) {
            head = e->next;
            m_freem(st, e->m);
            delete e;
        }
    }
};

void frag_drop(stack& st, ipqent* e, const char* reason, leftovers& gone) {
    fate_set(st, *e->m, fate::dropped, reason);
    gone.add(e);
}

ipq** find_locked(ipq_state& state, const ip_view& ip, uint8_t rdomain) {
    ipq** link = &state.list;
    while (*link != nullptr &&
           ((*link)->id != ip.id() || (*link)->src != ip.source() ||
            (*link)->dst != ip.destination() || (*link)->protocol != ip.protocol() ||
            (*link)->rdomain != rdomain)) {
        link = &(*link)->next;
    }
    return link;
}

// ip_freef: a packet that will not be whole is given up.
void ip_freef_locked(stack& st, ipq** link, const char* reason, leftovers& gone) {
    ipq* fp = *link;
    *link = fp->next;
    st.ip->reass.fragments -= fp->count;
    while (ipqent* e = fp->fragq) {
        fp->fragq = e->next;
        frag_drop(st, e, reason, gone);
    }
    delete fp;
}

// Too many wait: the newest queues go, until a quarter is free.
void ip_flush_locked(stack& st, unsigned limit, leftovers& gone) {
    ipq_state& state = st.ip->reass;
    unsigned left = ip_flush_max;
    while (state.list != nullptr && state.fragments > limit * 3 / 4 && left-- > 0) {
        counter_inc(st, counter::ips_fragdropped);
        ip_freef_locked(st, &state.list, "fragflush", gone);
    }
}

// A queue for a packet of which nothing has come yet.
bool make_queue_locked(stack& st, const ip_view& ip, uint8_t rdomain, int64_t now) {
    ipq_state& state = st.ip->reass;
    auto* fp = new (std::nothrow) ipq;
    if (fp == nullptr) {
        return false;
    }
    fp->src = ip.source();
    fp->dst = ip.destination();
    fp->id = ip.id();
    fp->protocol = ip.protocol();
    fp->rdomain = rdomain;
    fp->ecn = ip.tos() & ecn_mask;
    fp->expire = now + ip_frag_ttl;
    if (state.list == nullptr) {
        state.due = fp->expire;
        kern::timeout_add_at(st.timeouts, state.slowtimo, state.due);
    }
    fp->next = state.list;
    state.list = fp;
    return true;
}

// RFC 3168 5.3: a mark is not lost, and is believed only if every sender of a fragment understands it.
bool merge_ecn(ipq& fp, uint8_t ecn) {
    if ((ecn == ecn_ce && fp.ecn == ecn_notect) || (ecn == ecn_notect && fp.ecn != ecn_notect)) {
        return false;
    }
    fp.ecn = ecn == ecn_ce ? ecn : fp.ecn;
    return true;
}

// Takes `length` bytes off the front; their place is another one's.
void cut_front(ipqent& e, uint32_t length) {
    m_adj(*e.m, length);
    e.offset += length;
    e.length -= length;
}

// Where the fragment belongs, cut to what the one before it leaves; null if that is nothing.
ipqent** place_locked(ipq& fp, ipqent& e) {
    ipqent* before = nullptr;
    ipqent** link = &fp.fragq;
    while (*link != nullptr && (*link)->offset <= e.offset) {
        before = *link;
        link = &before->next;
    }
    if (before != nullptr && before->offset + before->length > e.offset) {
        const uint32_t overlap = before->offset + before->length - e.offset;
        if (overlap >= e.length) {
            return nullptr;
        }
        cut_front(e, overlap);
    }
    return link;
}

// What follows gives way.
void trim_followers_locked(stack& st, ipq& fp, const ipqent& e, ipqent** link, leftovers& gone) {
    const uint32_t end = e.offset + e.length;
    while (*link != nullptr && (*link)->offset < end) {
        const uint32_t overlap = end - (*link)->offset;
        if (overlap < (*link)->length) {
            cut_front(**link, overlap);
            return;
        }
        ipqent* covered = *link;
        *link = covered->next;
        --fp.count;
        --st.ip->reass.fragments;
        counter_inc(st, counter::ips_fragdropped);
        frag_drop(st, covered, "fragcovered", gone);
    }
}

bool is_whole(const ipq& fp) {
    uint32_t next = 0;
    bool more = true;
    for (const ipqent* e = fp.fragq; e != nullptr; e = e->next) {
        if (e->offset != next) {
            return false;
        }
        next += e->length;
        more = e->more;
    }
    return !more;
}

// Puts the fragment to its queue, and takes that out if it is whole now; null if not. `ip`: its header.
ipq* ip_reass_locked(stack& st, ipqent* e, const ip_view& ip, int64_t now, leftovers& gone) {
    ipq_state& state = st.ip->reass;
    const int maxqueue = st.ip->maxqueue.load(std::memory_order_relaxed);
    const unsigned limit = maxqueue < 0 ? 0 : static_cast<unsigned>(maxqueue);
    if (state.fragments + 1 > limit) {
        ip_flush_locked(st, limit, gone);
        counter_inc(st, counter::ips_rcvmemdrop);
        frag_drop(st, e, "fragflood", gone);
        return nullptr;
    }
    ipq** queue = find_locked(state, ip, e->rdomain);
    if (*queue == nullptr) {
        if (!make_queue_locked(st, ip, e->rdomain, now)) {
            counter_inc(st, counter::ips_rcvmemdrop);
            frag_drop(st, e, "nobufs", gone);
            return nullptr;
        }
        queue = &state.list;
    }
    ipq& fp = **queue;
    ipqent** link = merge_ecn(fp, ip.tos() & ecn_mask) ? place_locked(fp, *e) : nullptr;
    if (link == nullptr) {
        counter_inc(st, counter::ips_fragdropped);
        frag_drop(st, e, "fragdup", gone);
        return nullptr;
    }
    trim_followers_locked(st, fp, *e, link, gone);
    fate_set(st, *e->m, fate::held, waits);
    e->next = *link;
    *link = e;
    ++fp.count;
    ++state.fragments;
    if (!is_whole(fp)) {
        return nullptr;
    }
    *queue = fp.next;
    state.fragments -= fp.count;
    return &fp;
}

// One packet of those, which are nobody else's any more. The number of the first one is its number; of the others all is
// told, as the first one of an ip_fragment tells of the packet.
mbuf* ip_join(stack& st, ipq* fp) {
    ipqent* first = fp->fragq;
    const uint32_t header = first->header;
    uint32_t payload = 0;
    for (const ipqent* e = first; e != nullptr; e = e->next) {
        payload += e->length;
    }
    const bool fits = header + payload <= ip_maxpacket;
    mbuf* m = fits ? m_get(st, header + payload) : nullptr;
    leftovers gone;
    if (m == nullptr) {
        counter_inc(st, fits ? counter::ips_rcvmemdrop : counter::ips_toolong);
        while (ipqent* e = fp->fragq) {
            fp->fragq = e->next;
            frag_drop(st, e, fits ? "nobufs" : "toolong", gone);
        }
    } else {
        m_dup_pkthdr(st, *m, *first->m);
        m->packet = first->m->packet;
        first->m->packet = 0;
        memcpy(m->data, first->m->data - header, header);
        while (ipqent* e = fp->fragq) {
            fp->fragq = e->next;
            memcpy(m->data + header + e->offset, e->m->data, e->length);
            fate_set(st, *e->m, fate::delivered, "reassembled");
            gone.add(e);
        }
        const ip_view ip({m->data, m->len});
        ip.set_total_size(m->len);
        ip.set_off(0);
        ip.set_tos(fp->ecn == ecn_ce ? ip.tos() | ecn_ce : ip.tos());
        ip.update_sum();
        counter_inc(st, counter::ips_reassembled);
    }
    delete fp;
    gone.free_all(st);
    return m;
}

// Packets whose time is up.
void ip_slowtimo(void* argument) {
    stack& st = *static_cast<stack*>(argument);
    ipq_state& state = st.ip->reass;
    leftovers gone;
    kern::mtx_enter(state.mtx);
    // Who fires it lets the time be now that it was armed for. But if it has been armed again since it was called, that
    // is another one's time.
    const bool again = kern::timeout_pending(st.timeouts, state.slowtimo);
    const int64_t clock = kern::getuptime(st.clock);
    const int64_t now = again ? clock : std::max(clock, state.due);
    int64_t oldest = 0;
    for (ipq** link = &state.list; *link != nullptr;) {
        if ((*link)->expire <= now) {
            counter_inc(st, counter::ips_fragtimeout);
            ip_freef_locked(st, link, "fragtimeout", gone);
        } else {
            oldest = (*link)->expire;  // the last one on the list
            link = &(*link)->next;
        }
    }
    if (state.list != nullptr) {
        state.due = oldest;
        kern::timeout_add_at(st.timeouts, state.slowtimo, state.due);
    }
    kern::mtx_leave(state.mtx);
    gone.free_all(st);
}

mbuf* bad(stack& st, mbuf* m, counter which, const char* reason) {
    counter_inc(st, which);
    m_drop(st, m, reason);
    return nullptr;
}

}  // namespace

void ip_reass_init(stack& st) {
    ipq_state& state = st.ip->reass;
    heddle_name(&state.mtx, "ipq_mtx");
    heddle_invariant_of(&state.mtx, "fragments are counted and apart", ipq_sound, &st);
    heddle_invariant("fragments told to be held are held", ipq_told, &st);
    kern::timeout_set_housekeeping(state.slowtimo, ip_slowtimo, &st, "ip_slowtimo");
}

void ip_drain(stack& st) {
    ipq_state& state = st.ip->reass;
    leftovers gone;
    kern::mtx_enter(state.mtx);
    while (state.list != nullptr) {
        ip_freef_locked(st, &state.list, "fragdrain", gone);
    }
    kern::mtx_leave(state.mtx);
    gone.free_all(st);
    kern::timeout_del_barrier(st.timeouts, state.slowtimo);
}

mbuf* ip_fragcheck(stack& st, mbuf* m) {
    counter_inc(st, counter::ips_fragments);
    const ip_view ip({m->data, m->len});
    const size_t length = m->len - ip.header_size();
    if (ip.more_fragments() && (length == 0 || length % 8 != 0)) {
        return bad(st, m, counter::ips_badfrags, "badfrag");
    }
    if (ip.header_size() + ip.fragment_offset() + length > ip_maxpacket) {
        return bad(st, m, counter::ips_toolong, "toolong");
    }
    auto* e = new (std::nothrow) ipqent;
    if (e == nullptr) {
        return bad(st, m, counter::ips_rcvmemdrop, "nobufs");
    }
    *e = {nullptr,
          m,
          static_cast<uint32_t>(ip.fragment_offset()),
          static_cast<uint32_t>(length),
          static_cast<uint32_t>(ip.header_size()),
          ip.more_fragments(),
          static_cast<uint8_t>(rtable_l2(st, m->ph_rtableid))};
    m_adj(*m, ip.header_size());
    leftovers gone;
    ipq_state& state = st.ip->reass;
    kern::mtx_enter(state.mtx);
    ipq* whole = ip_reass_locked(st, e, ip, kern::getuptime(st.clock), gone);
    kern::mtx_leave(state.mtx);
    gone.free_all(st);
    return whole == nullptr ? nullptr : ip_join(st, whole);
}

// ---- invariants ---------------------------------------------------------------------------------

int ipq_sound(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    unsigned all = 0;
    for (const ipq* fp = st.ip->reass.list; fp != nullptr; fp = fp->next) {
        unsigned count = 0;
        uint32_t end = 0;
        for (const ipqent* e = fp->fragq; e != nullptr; e = e->next) {
            if (e->offset < end || e->m->len != e->length) {
                return kern::broken("packet %u: fragments overlap at %u", unsigned{fp->id},
                                    e->offset);
            }
            end = e->offset + e->length;
            ++count;
        }
        if (count == 0 || count != fp->count) {
            return kern::broken("packet %u: %u fragments wait, %u are counted", unsigned{fp->id},
                                count, fp->count);
        }
        all += count;
    }
    const unsigned counted = st.ip->reass.fragments;
    return all == counted ? 1 : kern::broken("%u fragments wait, %u are counted", all, counted);
}

int ipq_told(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    unsigned held = 0;
    for (const ipq* fp = st.ip->reass.list; fp != nullptr; fp = fp->next) {
        for (const ipqent* e = fp->fragq; e != nullptr; e = e->next) {
            held += e->m->packet != 0 ? 1 : 0;
        }
    }
    unsigned told = 0;
    for (const packet_fate& f : st.fates) {
        told += f.kind == fate::held && strcmp(f.what, waits) == 0 ? 1 : 0;
    }
    return held == told ? 1 : kern::broken("%u fragments are told to wait, %u do", told, held);
}

}  // namespace model::netinet
