#include "model/net/mbuf.h"

#include <cstring>
#include <new>

#include "model/kern/assert.h"
#include "model/net/stack.h"
#include "model/pf/pf_inp.h"

namespace model::net {

namespace {

mbuf* allocate(stack& st, size_t length) {
    kern::kassert(length <= mbuf_length_max, "m_get: too long");
    void* memory = ::operator new(sizeof(mbuf) + mbuf_room + length, std::nothrow);
    if (memory == nullptr) {
        return nullptr;
    }
    mbuf* m = new (memory) mbuf;
    m->storage = reinterpret_cast<uint8_t*>(m + 1);
    m->data = m->storage + mbuf_room;
    m->len = length;
    kern::pool_count(st.mbuf_pool, 1);
    return m;
}

}  // namespace

mbuf* m_get(stack& st, size_t length) {
    mbuf* m = allocate(st, length);
    if (m != nullptr) {
        memset(m->data, 0, length);
    }
    return m;
}

mbuf* m_devget(stack& st, const void* bytes, size_t length) {
    mbuf* m = allocate(st, length);
    if (m != nullptr) {
        memcpy(m->data, bytes, length);
    }
    return m;
}

void m_dup_pkthdr(stack& st, mbuf& to, const mbuf& from) {
    to.flags = from.flags;
    to.ph_ifidx = from.ph_ifidx;
    to.ph_ifserial = from.ph_ifserial;
    to.ph_rtableid = from.ph_rtableid;
    pf::pf_mbuf_dup(st, to, from);
}

void m_resethdr(stack& st, mbuf& m) {
    m.flags = 0;
    pf::pf_mbuf_reset(st, m);
}

void m_freem(stack& st, mbuf* m) {
    if (m == nullptr) {
        return;
    }
    pf::pf_pkt_addr_changed(st, *m);
    m->~mbuf();
    ::operator delete(m);
    kern::pool_count(st.mbuf_pool, -1);
}

void m_drop(stack& st, mbuf* m, const char* reason) {
    fate_set(st, *m, fate::dropped, reason);
    m_freem(st, m);
}

void m_adj(mbuf& m, size_t length) {
    kern::kassert(length <= m.len, "m_adj: shorter than that");
    m.data += length;
    m.len -= length;
}

void m_trim(mbuf& m, size_t length) {
    kern::kassert(length <= m.len, "m_trim: shorter than that");
    m.len = length;
}

uint8_t* m_prepend(mbuf& m, size_t length) {
    kern::kassert(m.data >= m.storage + length, "m_prepend: no room");
    m.data -= length;
    m.len += length;
    return m.data;
}

void ml_enqueue(mbuf_list& list, mbuf* m) {
    m->next = nullptr;
    (list.tail == nullptr ? list.head : list.tail->next) = m;
    list.tail = m;
    ++list.length;
}

mbuf* ml_dequeue(mbuf_list& list) {
    mbuf* m = list.head;
    if (m == nullptr) {
        return nullptr;
    }
    list.head = m->next;
    if (list.head == nullptr) {
        list.tail = nullptr;
    }
    m->next = nullptr;
    --list.length;
    return m;
}

}  // namespace model::net
