// The C interface of command.h over the routers of this process.
#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <string>

#include "model/admin/command.h"
#include "model/admin/observe.h"
#include "model/admin/socket_observe.h"
#include "model/admin/sysctl.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/kern/cpu.h"
#include "model/kern/timeout.h"
#include "model/net/if.h"
#include "model/net/route.h"
#include "model/net/stack.h"
#include "model/pf/pf_name.h"
#include "model/pf/pfvar.h"
#include "sim/annotate.h"

namespace {

using namespace model;

constexpr int routers_max = 64;

// What timeout_set is told, anywhere in the model.
constexpr const char* timer_names[] = {"arptimer", "ip_slowtimo", "patience",
                                       "pf_purge", "rttimer",     "tcp_2msl"};

// Written by create and destroy only, when nothing else runs.
std::array<net::stack*, routers_max> routers;

net::stack* router_or_null(int router) {
    return router < 0 || router >= routers_max ? nullptr : routers[static_cast<size_t>(router)];
}

void copy_out(std::string_view text, char* out, unsigned long size) {
    if (size == 0) {
        return;
    }
    const size_t length = std::min<size_t>(text.size(), size - 1);
    std::memcpy(out, text.data(), length);
    out[length] = '\0';
}

// Of the routes to that prefix, whether one is a neighbour entry not our own, or any.
bool has_route(net::stack& st, const admin::inet_prefix& prefix, bool neighbour) {
    const auto len = static_cast<uint8_t>(prefix.len);
    const uint32_t dest = prefix.address & net::plen_to_mask(len);
    const net::rtentry* rt = net::rtable_lookup_locked(st, dest, len, net::RTP_ANY, 0);
    if (rt == nullptr || !neighbour) {
        return rt != nullptr;
    }
    const uint32_t wanted = net::RTF_LLINFO;
    return (rt->rt_flags.load() & (net::RTF_LLINFO | net::RTF_LOCAL)) == wanted;
}

const kern::pool* pool_or_null(const net::stack& st, std::string_view kind) {
    if (kind == "ifnet") {
        return &st.ifnet_pool;
    }
    if (kind == "rtentry") {
        return &st.rtentry_pool;
    }
    if (kind == "rtpcb") {
        return &st.rtpcb_pool;
    }
    if (kind == "rttimer") {
        return &st.rttimer_pool;
    }
    if (kind == "ifaddr") {
        return &st.ifaddr_pool;
    }
    if (kind == "llinfo_arp") {
        return &st.llinfo_pool;
    }
    if (kind == "inpcb") {
        return &st.inpcb_pool;
    }
    if (kind == "pf_state") {
        return &st.pf->state_pool;
    }
    if (kind == "pf_state_key") {
        return &st.pf->state_key_pool;
    }
    if (kind == "pf_rule") {
        return &st.pf->rule_pool;
    }
    if (kind == "socket") {
        return &st.socket_pool;
    }
    if (kind == "in_multi") {
        return &st.multi_pool;
    }
    return kind == "mbuf" ? &st.mbuf_pool : nullptr;
}

}  // namespace

int heddle_model_create(const char* router, unsigned cpus) {
    if (cpus == 0 || cpus > kern::cpus_max) {
        return -1;
    }
    for (int n = 0; n < routers_max; ++n) {
        if (router_or_null(n) == nullptr) {
            auto* st = new net::stack(router, cpus);
            routers[static_cast<size_t>(n)] = st;
            return n;
        }
    }
    return -1;
}

void heddle_model_destroy(int router) {
    if (net::stack* st = router_or_null(router); st != nullptr) {
        routers[static_cast<size_t>(router)] = nullptr;
        delete st;
    }
}

void heddle_model_attach(int router, unsigned cpu) {
    if (const net::stack* st = router_or_null(router); st != nullptr && cpu < st->smr.cpus) {
        kern::cpu_attach(cpu);
    }
}

int heddle_model_command(int router, const char* line, char* out, unsigned long out_size) {
    net::stack* st = router_or_null(router);
    std::string text;
    const int status = st == nullptr ? 127 : admin::command(*st, line, text);
    copy_out(text, out, out_size);
    return status;
}

int heddle_model_input(int router, const char* ifname, const void* frame, unsigned long size,
                       unsigned packet) {
    net::stack* st = router_or_null(router);
    return st != nullptr && net::if_input(*st, ifname, frame, size, packet) == 0 ? 0 : -1;
}

int heddle_model_receive(int router, const char* ifname, unsigned queue, const void* frame,
                         unsigned long size, unsigned packet) {
    net::stack* st = router_or_null(router);
    return st != nullptr && net::em_receive(*st, ifname, queue, frame, size, packet) == 0 ? 0 : -1;
}

unsigned long heddle_model_wire(int router, const char* ifname, unsigned long n, void* frame,
                                unsigned long size, unsigned* packet) {
    net::stack* st = router_or_null(router);
    const int unit = net::em_unit(ifname);
    if (st == nullptr || unit < 0) {
        return 0;
    }
    const net::wire_frame* f = net::wire_frame_or_null(st->wires[unit], static_cast<unsigned>(n));
    if (f == nullptr) {
        return 0;
    }
    std::memcpy(frame, f->bytes, std::min<size_t>(f->length, size));
    *packet = f->packet;
    return f->length;
}

int heddle_model_fate(int router, unsigned packet, char* out, unsigned long size) {
    net::stack* st = router_or_null(router);
    if (st == nullptr || packet >= net::fates_max || !st->fates[packet].arrived) {
        copy_out("", out, size);
        return -1;
    }
    net::fate_print(*st, packet, out, size);
    return 0;
}

long heddle_model_counter(int router, const char* name) {
    net::stack* st = router_or_null(router);
    if (st == nullptr) {
        return -1;
    }
    if (const admin::sysctl_variable* v = admin::sysctl_variable_or_null(name); v != nullptr) {
        return (st->ip->*v->value).load();
    }
    return static_cast<long>(net::counters_read_named(st->counters, name));
}

int heddle_model_exists(int router, const char* what) {
    net::stack* st = router_or_null(router);
    const std::vector<std::string_view> words = admin::split_words(what);
    if (st == nullptr || words.size() != 2) {
        return -1;
    }
    if (words[0] == "ifconfig") {
        return net::if_unit_locked(*st, std::string(words[1]).c_str()) != nullptr ? 1 : 0;
    }
    const auto prefix =
        words[1] == "default" ? admin::inet_prefix{0, 0, true} : admin::parse_prefix(words[1]);
    if (!prefix || (words[0] != "route" && words[0] != "arp")) {
        return -1;
    }
    return has_route(*st, *prefix, words[0] == "arp") ? 1 : 0;
}

long heddle_model_live(int router, const char* kind) {
    net::stack* st = router_or_null(router);
    const kern::pool* pool = st == nullptr ? nullptr : pool_or_null(*st, kind);
    return pool == nullptr ? -1 : static_cast<long>(kern::pool_live(*pool));
}

long heddle_model_refs(int router, const char* name) {
    net::stack* st = router_or_null(router);
    const net::ifnet* ifp = st == nullptr ? nullptr : net::if_unit_locked(*st, name);
    if (st == nullptr || ifp != nullptr) {
        return st == nullptr ? -1 : static_cast<long>(kern::refcnt_read(ifp->if_refcnt));
    }
    const long refs = admin::socket_pcb_refs(*st, name);
    return refs >= 0 ? refs : pf::pf_state_named_refs(*st, name);
}

int heddle_model_observe(int router, const char* words, char* out, unsigned long size) {
    net::stack* st = router_or_null(router);
    std::string text;
    const bool known = st != nullptr && admin::observe(*st, admin::split_words(words), text);
    copy_out(text, out, size);
    return known ? 0 : -1;
}

int heddle_model_may_fire(int router, const char* timer) {
    net::stack* st = router_or_null(router);
    return st != nullptr && heddle_choose(2) == 0 ? kern::timeout_fire(st->timeouts, timer) : 0;
}

const char* heddle_model_timers(unsigned n) {
    return n < std::size(timer_names) ? timer_names[n] : nullptr;
}

const char* heddle_model_log(int router, unsigned n) {
    net::stack* st = router_or_null(router);
    return st == nullptr || n >= st->log.lines.size() ? nullptr : st->log.lines[n].c_str();
}

const char* heddle_model_names(int, unsigned n) {
    if (n < net::counters_count) {
        return net::counters_name_or_null(n);
    }
    const auto variables = admin::sysctl_variables();
    const unsigned index = n - net::counters_count;
    return index < variables.size() ? variables[index].name : nullptr;
}
