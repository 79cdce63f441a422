// Addresses of pcbs: chosen, seen to be free, and taken in one section of the table's mutex.
#include <cerrno>

#include "model/net/ifaddr.h"
#include "model/net/route.h"
#include "model/net/route_cache.h"
#include "model/net/stack.h"
#include "model/netinet/in.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_inp.h"

namespace model::netinet {

using namespace net;

namespace {

// Somebody in that domain bound to that port whose address is this one, or everyone's, or for whom this is everyone's.
// `shares`: who asks does not mind others that do not, either.
bool is_port_taken_locked(const inpcbtable& table, uint32_t laddr, uint16_t lport, bool shares,
                          uint8_t rdomain) {
    for (const inpcb* inp = table.list; inp != nullptr; inp = inp->inp_next) {
        if (inp->inp_rdomain == rdomain && inp->inp_lport == lport &&
            !(shares && inp->inp_reuseport) &&
            (inp->inp_laddr == laddr || inp->inp_laddr == 0 || laddr == 0)) {
            return true;
        }
    }
    return false;
}

bool is_connection_there_locked(const inpcbtable& table, const in_ends& ends) {
    for (const inpcb* inp = table.list; inp != nullptr; inp = inp->inp_next) {
        if (inp->inp_rdomain == ends.rdomain && inp->inp_lport == ends.lport &&
            inp->inp_laddr == ends.laddr && inp->inp_fport == ends.fport &&
            inp->inp_faddr == ends.faddr) {
            return true;
        }
    }
    return false;
}

// 0: none is left.
uint16_t pick_port_locked(inpcbtable& table, uint32_t laddr, uint8_t rdomain) {
    constexpr unsigned ports = ipport_hilastauto - ipport_hifirstauto + 1;
    for (unsigned n = 0; n < ports; ++n) {
        const bool last = table.lastport == ipport_hilastauto;
        table.lastport = last ? ipport_hifirstauto : static_cast<uint16_t>(table.lastport + 1);
        if (!is_port_taken_locked(table, laddr, table.lastport, false, rdomain)) {
            return table.lastport;
        }
    }
    return 0;
}

// A section of a table's mutex. Routes that are looked at in it are given back behind it: the last
// reference to one may want other mutexes.
class table_section {
  public:
    table_section(stack& st, const inpcb& inp) : st_(st), inp_(inp) {
        kern::mtx_enter(inp_.inp_table->inpt_mtx);
    }
    ~table_section() {
        kern::mtx_leave(inp_.inp_table->inpt_mtx);
        rtfree(rt_);
    }
    table_section(const table_section&) = delete;
    table_section& operator=(const table_section&) = delete;

    // An address to bind to: ours, or one at which others send to us as well.
    bool is_own_address(uint32_t laddr) {
        if (laddr == inaddr_any || laddr == inaddr_broadcast || in_multicast(laddr)) {
            return true;
        }
        return route_to(laddr, inp_.inp_rdomain) &&
               (rt_->rt_flags.load(std::memory_order_relaxed) & (RTF_LOCAL | RTF_BROADCAST)) != 0;
    }
    uint32_t source_for(uint32_t faddr) {
        return route_to(faddr, inp_.inp_rtableid) && rt_->rt_ifa != nullptr ? rt_->rt_ifa->ifa_addr
                                                                            : inaddr_any;
    }

  private:
    // Once in a section. No host route is made of a cloning one: that sleeps, and its address is the same.
    bool route_to(uint32_t dst, unsigned tableid) {
        rt_ = rtalloc(st_, dst, 0, tableid);
        return rtisvalid(rt_);
    }

    stack& st_;
    const inpcb& inp_;
    rtentry* rt_ = nullptr;
};

}  // namespace

int in_pcbbind(stack& st, inpcb& inp, uint32_t laddr, uint16_t lport, bind_to which) {
    if (inp.inp_lport != 0) {
        return EINVAL;
    }
    inpcbtable& table = *inp.inp_table;
    table_section section(st, inp);
    if (which == bind_to::own_address && !section.is_own_address(laddr)) {
        return EADDRNOTAVAIL;
    }
    if (lport == 0) {
        lport = pick_port_locked(table, laddr, inp.inp_rdomain);
        if (lport == 0) {
            return EADDRNOTAVAIL;
        }
    } else if (is_port_taken_locked(table, laddr, lport, inp.inp_reuseport, inp.inp_rdomain)) {
        return EADDRINUSE;
    }
    inp.inp_laddr = laddr;
    inp.inp_lport = lport;
    return 0;
}

int in_pcbbind_addr(stack& st, inpcb& inp, uint32_t laddr, bind_to which) {
    table_section section(st, inp);
    if (which == bind_to::own_address && !section.is_own_address(laddr)) {
        return EADDRNOTAVAIL;
    }
    inp.inp_laddr = laddr;
    return 0;
}

int in_pcbconnect(stack& st, inpcb& inp, uint32_t faddr, uint16_t fport) {
    if (in_this_network(faddr) || fport == 0) {
        return EADDRNOTAVAIL;
    }
    uint32_t laddr = inp.inp_laddr;
    if (laddr == inaddr_any && in_multicast(faddr)) {
        laddr = multicast_source(st, inp.inp_moptions.out);
    }
    inpcbtable& table = *inp.inp_table;
    table_section section(st, inp);
    laddr = laddr == inaddr_any ? section.source_for(faddr) : laddr;
    if (laddr == inaddr_any) {
        return EADDRNOTAVAIL;
    }
    const uint16_t lport =
        inp.inp_lport == 0 ? pick_port_locked(table, laddr, inp.inp_rdomain) : inp.inp_lport;
    if (lport == 0) {
        return EADDRNOTAVAIL;
    }
    if (is_connection_there_locked(table, {faddr, laddr, fport, lport, inp.inp_rdomain})) {
        return EADDRINUSE;
    }
    inp.inp_laddr = laddr;
    inp.inp_lport = lport;
    inp.inp_faddr = faddr;
    inp.inp_fport = fport;
    return 0;
}

int in_pcbset(inpcb& inp, const in_ends& ends) {
    inpcbtable& table = *inp.inp_table;
    kern::mtx_enter(table.inpt_mtx);
    const bool is_there = is_connection_there_locked(table, ends);
    if (!is_there) {
        inp.inp_laddr = ends.laddr;
        inp.inp_lport = ends.lport;
        inp.inp_faddr = ends.faddr;
        inp.inp_fport = ends.fport;
    }
    kern::mtx_leave(table.inpt_mtx);
    return is_there ? EADDRINUSE : 0;
}

void in_pcbreuseport(inpcb& inp, bool reuse) {
    kern::mtx_enter(inp.inp_table->inpt_mtx);
    inp.inp_reuseport = reuse;
    kern::mtx_leave(inp.inp_table->inpt_mtx);
}

void in_pcbdisconnect(stack& st, inpcb& inp, bool forget_laddr) {
    pf::pf_inp_unlink(st, &inp);
    kern::mtx_enter(inp.inp_table->inpt_mtx);
    inp.inp_faddr = 0;
    inp.inp_fport = 0;
    if (forget_laddr) {
        inp.inp_laddr = 0;
    }
    kern::mtx_leave(inp.inp_table->inpt_mtx);
}

uint32_t in_pcbselsrc(stack& st, route& ro, uint32_t faddr, unsigned tableid) {
    const rtentry* rt = route_mpath(st, ro, faddr, inaddr_any, tableid);
    return rtisvalid(rt) && rt->rt_ifa != nullptr ? rt->rt_ifa->ifa_addr : inaddr_any;
}

}  // namespace model::netinet
