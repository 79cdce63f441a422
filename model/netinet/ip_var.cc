#include "model/netinet/ip_var.h"

#include "model/kern/spl.h"
#include "model/net/stack.h"
#include "model/netinet/icmp_mtudisc.h"
#include "model/netinet/icmp_redirect.h"

namespace model::netinet {

using namespace net;

void ip_init(stack& st) {
    st.ip = new ip_state;
    ip_reass_init(st);
    icmp_mtudisc_init(st);
    icmp_redirect_init(st);
}

void ip_destroy(stack& st) {
    delete st.ip;
    st.ip = nullptr;
}

uint16_t ip_newid(stack& st) {
    const unsigned cpu = kern::cpu_number();
    const kern::spl_high alone;  // an interrupt may send
    constexpr unsigned range = 0x1000;
    const unsigned count = ++st.ip->ids[cpu].id % range;
    return static_cast<uint16_t>(cpu * range + count);
}

}  // namespace model::netinet
