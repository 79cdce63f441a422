#include "model/net/stack.h"

#include <cstdio>

#include "model/kern/assert.h"
#include "model/netinet/arp.h"
#include "model/netinet/ip_var.h"

namespace model::net {

stack::stack(const char* router, unsigned cpus) : smr(cpus) {
    snprintf(name, sizeof name, "%s", router);
    heddle_name(&conf_lock, "conf_lock");
    heddle_name(&smr.mtx, "smr queue");
    heddle_name(&idxmap.map, "index map pointer");
    for (unsigned unit = 0; unit < em_units_max; ++unit) {
        char wire_name[if_namesize];
        snprintf(wire_name, sizeof wire_name, "wire em%u", unit);
        heddle_name(&wires[unit], wire_name);
    }
    netinet::arp_init(*this);
    netinet::ip_init(*this);
    smr.start();
}

stack::~stack() {
    while (ifnetlist != nullptr) {
        kern::kassert(if_clone_destroy(*this, ifnetlist->if_xname) == 0, "stack: in use");
    }
    kern::kassert(routes.all_head == nullptr, "stack: routes are left");
    smr.stop();
    netinet::ip_destroy(*this);
    netinet::arp_destroy(*this);
    while (kern::sleep_channel* channel = free_channels) {
        free_channels = channel->next;
        delete channel;
    }
}

}  // namespace model::net
