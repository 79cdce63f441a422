#include "model/net/stack.h"

#include <cstdio>

#include "model/net/if_clone.h"
#include "model/net/links.h"
#include "model/net/route.h"
#include "model/netinet/arp.h"
#include "model/netinet/arp_timer.h"
#include "model/netinet/in_var.h"
#include "model/netinet/ip_var.h"
#include "model/pf/pfvar.h"

namespace model::net {

namespace {

void register_invariants(stack& st) {
    const void* lock = &st.conf_lock;
    heddle_invariant_of(lock, "each interface is in the index map", if_idxmap_sound, &st);
    heddle_invariant_of(lock, "interfaces, routes and addresses have each other", addresses_linked,
                        &st);
    heddle_invariant_of(lock, "routes lead back from where they lead", routes_linked, &st);
    heddle_invariant_of(lock, "next hops count their gateway routes", nexthops_counted, &st);
    heddle_invariant_of(lock, "clones go with their parents", clones_have_parents, &st);
    heddle_invariant_of(&st.rttimers.mtx, "routes and queues have the same timers",
                        rt_timers_linked, &st);
    heddle_invariant("the index map has its references, and nobody else", if_idxmap_referenced,
                     &st);
    heddle_invariant("every packet has one fate", fate_conserved, &st);
}

void start_services(stack& st) {
    st.smr.start();
    st.timeouts.start();
    st.systq.start();
    for (unsigned n = 0; n < st.softnet_count; ++n) {
        st.softnet[n].start();
    }
}

// Tasks may arm timeouts, and both may free by SMR.
void stop_services(stack& st) {
    for (unsigned n = 0; n < st.softnet_count; ++n) {
        st.softnet[n].stop();
    }
    st.systq.stop();
    st.timeouts.stop();
    st.smr.stop();
}

}  // namespace

stack::stack(const char* router, unsigned cpus)
    : smr(cpus), softnet_count(kern::softnets_of(cpus)) {
    snprintf(name, sizeof name, "%s", router);
    heddle_name(&conf_lock, "conf_lock");
    register_invariants(*this);
    heddle_name(&smr.mtx, "smr queue");
    heddle_name(&idxmap.map, "index map pointer");
    heddle_name(&rtgeneration, "rtgeneration");
    heddle_name(&rttimers.mtx, "rttimer_mtx");
    for (unsigned unit = 0; unit < em_units_max; ++unit) {
        char wire_name[if_namesize];
        snprintf(wire_name, sizeof wire_name, "wire em%u", unit);
        heddle_name(&wires[unit], wire_name);
    }
    softnet_init(*this);
    netinet::arp_init(*this);
    netinet::ip_init(*this);
    netinet::in_init(*this);
    pf::pf_init(*this);
    start_services(*this);
}

stack::~stack() {
    rtsock_destroy(*this);
    if_clone_purge(*this);
    pf::pf_shutdown(*this);
    netinet::arp_timer_stop(*this);
    netinet::ip_drain(*this);
    netinet::in_destroy(*this);
    kern::rw_enter_write(conf_lock);
    rt_purge_locked(*this);
    kern::rw_exit(conf_lock);
    stop_services(*this);
    rtable_map_destroy(*this);
    pf::pf_destroy(*this);
    netinet::ip_destroy(*this);
    netinet::arp_destroy(*this);
    while (kern::sleep_channel* channel = free_channels) {
        free_channels = channel->next;
        delete channel;
    }
}

}  // namespace model::net
