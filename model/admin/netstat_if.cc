// netstat -rn and -in: the table of routes, and the interfaces.
#include "model/admin/netstat.h"
#include "model/admin/route_print.h"
#include "model/admin/rtsock.h"
#include "model/admin/text.h"
#include "model/net/if.h"
#include "model/net/ifaddr.h"
#include "model/net/stack.h"

namespace model::admin {

using namespace net;

void netstat_routes(stack& st, unsigned tableid, std::string& out) {
    out += "Routing tables\n\nInternet:\n" + route_head();
    kern::rw_enter_read(st.conf_lock);
    for (const rtentry* rt : routes_locked(st, tableid)) {
        out += route_row(st, *rt);
    }
    kern::rw_exit(st.conf_lock);
}

namespace {

std::string columns(std::string name, std::string mtu, std::string network, std::string address) {
    return left(std::move(name), 7) + " " + left(std::move(mtu), 5) + " " +
           left(std::move(network), 11) + " " + left(std::move(address), 17) + " ";
}

bool has_lladdr(const ifnet& ifp) {
    return ifp.if_type != IFT_LOOP;
}

std::string count_of(const ifnet& ifp, if_counter which, size_t width) {
    return right(std::to_string(if_counter_read(ifp.if_counters, which)), width);
}

void print_interface_locked(const ifnet& ifp, std::string& out) {
    const bool up = (ifp.if_flags.load() & IFF_UP) != 0;
    const std::string name = std::string(ifp.if_xname) + (up ? "" : "*");
    const std::string mtu = std::to_string(ifp.if_mtu.load());
    // What the interface has counted stands on each of its lines; nothing here collides.
    const std::string counts = count_of(ifp, if_counter::ipackets, 8) + " " +
                               count_of(ifp, if_counter::ierrors, 5) + " " +
                               count_of(ifp, if_counter::opackets, 8) + " " +
                               count_of(ifp, if_counter::oerrors, 5) + "     0\n";
    out +=
        columns(name, mtu, "<Link>", has_lladdr(ifp) ? lladdr_text(if_lladdr(ifp)) : "") + counts;
    for (const ifaddr* ifa = ifp.if_addrlist.get_locked(); ifa != nullptr;
         ifa = ifa->ifa_next.get_locked()) {
        out += columns(name, mtu, destination_text(ifa->ifa_addr & ifa->ifa_netmask, ifa->ifa_plen),
                       address_text(ifa->ifa_addr)) +
               counts;
    }
}

}  // namespace

void netstat_interfaces(stack& st, std::string& out) {
    out += columns("Name", "Mtu", "Network", "Address") + right("Ipkts", 8) + " Ifail " +
           right("Opkts", 8) + " Ofail Colls\n";
    kern::rw_enter_read(st.conf_lock);
    for (const ifnet* ifp = st.ifnetlist; ifp != nullptr; ifp = ifp->if_list_next) {
        print_interface_locked(*ifp, out);
    }
    kern::rw_exit(st.conf_lock);
}

}  // namespace model::admin
