#include "model/net/softnet.h"

#include <cstdio>

#include "model/net/if.h"
#include "model/net/stack.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

void process(stack& st, mbuf* m) {
    ifnet* ifp = m_getrcvif(st, *m);
    if (ifp == nullptr) {
        counter_inc(st, counter::if_iqdrops);
        m_drop(st, m, "nointerface");
        return;
    }
    if_input_process(st, *ifp, m);
    if_put(ifp);
}

void input_task(void* argument) {
    auto& in = *static_cast<softnet_list*>(argument);
    kern::mtx_enter(in.mtx);
    mbuf_list packets = in.list;
    in.list = {};
    kern::mtx_leave(in.mtx);
    while (mbuf* m = ml_dequeue(packets)) {
        process(*in.st, m);
    }
}

}  // namespace

void softnet_init(stack& st) {
    for (unsigned n = 0; n < st.softnet_count; ++n) {
        softnet_list& in = st.softnet_input[n];
        char name[24];
        snprintf(name, sizeof name, "input softnet%u", n);
        heddle_name(&in.mtx, name);
        in.st = &st;
        kern::task_set(in.input, input_task, &in);
    }
}

void softnet_input(stack& st, unsigned number, mbuf_list& packets) {
    softnet_list& in = st.softnet_input[number % st.softnet_count];
    kern::mtx_enter(in.mtx);
    while (packets.head != nullptr && in.list.length < softnet_length_max) {
        ml_enqueue(in.list, ml_dequeue(packets));
    }
    kern::mtx_leave(in.mtx);
    while (mbuf* m = ml_dequeue(packets)) {
        counter_inc(st, counter::if_iqdrops);
        m_drop(st, m, "ifiqdrop");
    }
    kern::task_add(st.softnet[number % st.softnet_count], in.input);
}

void softnet_barrier(stack& st) {
    for (unsigned n = 0; n < st.softnet_count; ++n) {
        kern::taskq_barrier(st.softnet[n]);
    }
}

}  // namespace model::net
