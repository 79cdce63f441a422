#include "model/netinet/in.h"
#include "model/pf/pf_eval.h"
#include "model/pf/pf_state.h"

namespace model::pf {

namespace {

// Whether what comes back to these ends would find no other state. pf_state_lock is held.
bool is_free_locked(const pf_softc& pf, const pf_pdesc& pd, const pf_endpoints& e) {
    const pf_dir other = pd.dir == pf_dir::in ? pf_dir::out : pf_dir::in;
    return !pf_find_state_all_locked(pf, pd.key(e), other);
}

// The lowest free source port of the pool. Upstream begins anywhere at random; here the port is a function of what is in
// use, so that an execution can be repeated.
bool pf_get_sport_locked(pf_softc& pf, pf_pdesc& pd, const pf_pool& pool) {
    const bool ports = pd.proto == netinet::ipproto_tcp || pd.proto == netinet::ipproto_udp;
    const bool query = pd.icmp_query && pd.icmp_type == 8;
    pf_endpoints e = pd.want;
    e.src = pool.addr;
    uint32_t low = pool.port_low != 0 ? pool.port_low : pf_nat_proxy_port_low;
    uint32_t high = pool.port_low != 0 ? pool.port_high : pf_nat_proxy_port_high;
    if (query) {
        low = 1;
        high = 65535;
    }
    if ((!ports && !query) || pool.static_port) {
        low = high = e.sport;
    }
    bool found = false;
    kern::rw_enter_read(pf.state_lock);
    for (uint32_t port = low; port <= high && !found; ++port) {
        e.sport = static_cast<uint16_t>(port);
        found = is_free_locked(pf, pd, e);
    }
    kern::rw_exit(pf.state_lock);
    if (found) {
        pd.want = e;
    }
    return found;
}

}  // namespace

bool pf_get_transaddr_locked(pf_softc& pf, pf_pdesc& pd, const pf_rule_spec& rule) {
    if (rule.nat.set && !pf_get_sport_locked(pf, pd, rule.nat)) {
        return false;
    }
    if (rule.rdr.set) {
        pd.want.dst = rule.rdr.addr;
        if (rule.rdr.port_low != 0 && !pd.icmp_query) {
            // A range goes on where the rule's own range does.
            const uint32_t size = rule.rdr.port_high - rule.rdr.port_low + 1U;
            const uint32_t offset =
                rule.dst.port.op == pf_op::range ? pd.want.dport - rule.dst.port.low : 0;
            pd.want.dport = static_cast<uint16_t>(rule.rdr.port_low + offset % size);
        }
    }
    return true;
}

}  // namespace model::pf
