// if.h - network interfaces: lookup by index, references, arrival and departure.
// Source:  names after OpenBSD net/if.c; the order of if_detach is that of late 2015 and after.
// Shapes:  nothing with a life of its own stores an ifnet pointer: an index, and if_get per use.
// Locks:   [I] immutable  [a] atomic  [C] conf_lock  [S] conf_lock to write, SMR to read
//          [R] valid for who has a reference
// Errors:  int errno with the BSD meaning.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/kern/refcnt.h"
#include "model/kern/smr_ptr.h"
#include "model/kern/taskq.h"
#include "model/net/counters.h"
#include "model/net/ethernet.h"
#include "model/net/if_hooks.h"
#include "model/net/ifq.h"

namespace model::netinet {
struct in_multi;
}
namespace model::pf {
struct pfi_kif;
}

namespace model::net {

struct em_softc;
struct if_clone;
struct ifaddr;
struct pair_softc;
struct vlan_softc;
struct wire;

inline constexpr size_t if_namesize = 16;

inline constexpr uint32_t IFF_UP = 0x1;
inline constexpr uint32_t IFF_BROADCAST = 0x2;
inline constexpr uint32_t IFF_LOOPBACK = 0x8;
inline constexpr uint32_t IFF_STATICARP = 0x20;
inline constexpr uint32_t IFF_RUNNING = 0x40;
inline constexpr uint32_t IFF_NOARP = 0x80;
inline constexpr uint32_t IFF_SIMPLEX = 0x800;
inline constexpr uint32_t IFF_MULTICAST = 0x8000;
// Above the flags, so that a packet learns with one look whether it may come in, and into which routing domain.
inline constexpr unsigned if_rdomain_shift = 16;

inline constexpr uint8_t IFT_ETHER = 6;
inline constexpr uint8_t IFT_LOOP = 24;
inline constexpr uint8_t IFT_L2VLAN = 135;

// Link-level address. A change publishes a new one; old ones live as long as the interface.
struct sockaddr_dl {
    ether_addr lladdr = 0;         // [I]
    sockaddr_dl* older = nullptr;  // [I]
};

struct ifnet {
    char if_xname[if_namesize] = {};             // [I] "em0"
    uint16_t if_index = 0;                       // [I]
    uint64_t if_serial = 0;                      // [I] no two interfaces have the same, ever
    kern::refcnt if_refcnt;                      // [a] finalized by if_remove, "ifrm"
    std::atomic<uint32_t> if_flags{0};           // [a] IFF_*, and the routing domain for packets
    std::atomic<uint32_t> if_mtu{0};             // [a]
    std::atomic<sockaddr_dl*> if_sadl{nullptr};  // [a] what it points at: [R]
    kern::smr_ptr<ifaddr*> if_addrlist;          // [S]
    std::atomic<uint8_t> if_link_state{0};       // [a] LINK_STATE_*, as the driver says
    bool if_link_up = false;                     // [C] what routes have been told: link, and IFF_UP
    kern::task if_linkstatetask;                 // [I] tells them
    if_hook_list if_linkstatehooks;              // [C] run when the link may have changed
    if_hook_list if_detachhooks;                 // [C] run when it goes; none is added later
    stack* if_stack = nullptr;                   // [I]
    if_counter_cells if_counters;                // [c]
    ifqueue if_snd;                              // own mutex
    wire* if_wire = nullptr;                     // [I] outlives the interface; null: has none
    em_softc* if_softc = nullptr;                // [I] the driver's; lives as long as the interface
    ifnet* if_list_next = nullptr;               // [C] stack.ifnetlist, in order of attachment
    std::string if_description;                  // [C] of the administrator; empty: none
    std::vector<std::string> if_groups;          // [C] in the order in which it joined them
    bool if_detaching = false;                   // [C] somebody is destroying it
    uint8_t if_rdomain = 0;                      // [C] routing domain
    pf::pfi_kif* if_pf_kif = nullptr;            // [I] what pf knows of it
    // [S] groups that it has joined
    kern::smr_ptr<netinet::in_multi*> if_maddrlist;

    // Sends an IP packet to the next hop; see ether_output.
    int (*if_output)(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt) = nullptr;  // [I]
    // The start routine: sends this frame and what else the send queue has; one context at a time.
    void (*if_qstart)(stack& st, ifnet& ifp, mbuf* m) = nullptr;  // [I]
    // A route over this interface comes (RTM_ADD, RTM_RESOLVE).
    void (*if_rtrequest)(stack& st, ifnet& ifp, int request, rtentry& rt) = nullptr;  // [I]
    // A packet that it has received.
    void (*if_input)(stack& st, ifnet& ifp, mbuf* m) = nullptr;  // [I]
    // Takes a frame in place of the send queue; null: that does. Errors are those of if_enqueue.
    int (*if_enqueue)(stack& st, ifnet& ifp, mbuf* m) = nullptr;  // [I]
    // It has been switched on, or off (SIOCSIFFLAGS); null: the driver need not know. conf_lock is held.
    int (*if_setup_locked)(stack& st, ifnet& ifp, bool up) = nullptr;  // [I]

    uint8_t if_type = IFT_ETHER;          // [I] IFT_*
    uint32_t if_hardmtu = ether_mtu;      // [I] if_mtu is not more
    const if_clone* if_cloner = nullptr;  // [C] who made it
    pair_softc* if_pair = nullptr;        // [I] the driver's
    vlan_softc* if_vlan = nullptr;        // [I] the driver's
};

// The interface with this index, referenced; null if there is none (any more). Never sleeps.
[[nodiscard]] ifnet* if_get(stack& st, unsigned index);

// The same, if it is the interface with that serial number still, and not another that got its index.
[[nodiscard]] ifnet* if_get_serial(stack& st, unsigned index, uint64_t serial);

// The same for who read the index at that wire, and may be late.
[[nodiscard]] ifnet* if_get_listening(stack& st, const wire& w, unsigned index);

// The interface by which a packet came in: told when it comes, asked with a reference when its turn has come.
void m_setrcvif(mbuf& m, const ifnet& ifp);
[[nodiscard]] ifnet* m_getrcvif(stack& st, const mbuf& m);
void if_ref(ifnet& ifp);
void if_put(ifnet* ifp);  // null is fine

// The interface with this name; null if none. conf_lock is held, and keeps it in existence unless
// it is being destroyed.
[[nodiscard]] ifnet* if_unit_locked(stack& st, const char* name);
// The same by index.
[[nodiscard]] ifnet* if_byindex_locked(stack& st, uint32_t index);

// "em0".."em15", "vlan7" and so on (if_clone.h): makes the interface. EINVAL: not a name of ours, EEXIST. conf_lock is
// held.
[[nodiscard]] int if_clone_create_locked(stack& st, const char* name, ifnet** made);

// Destroys the interface and waits for everybody who uses it. ENXIO: none of that name. EPERM: lo0. May sleep;
// conf_lock is not held, nor any reference to the interface.
[[nodiscard]] int if_clone_destroy(stack& st, const char* name);

// Moves the interface into a routing domain, which is made if there is no such table. It has no addresses any more
// then, nor is it a member of groups. EINVAL: the number is too large, or that of a table that is no domain. EPERM: its
// domain sends to itself by it. ENXIO: it is being destroyed. conf_lock is held.
[[nodiscard]] int if_setrdomain_locked(stack& st, ifnet& ifp, unsigned rdomain);

// The link-level address in use; the caller has a reference.
[[nodiscard]] ether_addr if_lladdr(const ifnet& ifp);
void if_setlladdr_locked(ifnet& ifp, ether_addr lladdr);
// All of them, on the way to freeing the interface: nobody has a reference.
void if_freesadl(ifnet& ifp);

// Arrival: on the list and into the index map; conf_lock is held. False: no index is free.
[[nodiscard]] bool if_attach_locked(stack& st, ifnet& ifp);

// Departure, in three parts, behind the detach hooks, which if_clone_destroy has run; conf_lock is not held.
// if_deactivate: no more traffic is wanted.
// if_remove: nobody can find it any more; sleeps until softnets have done with its packets and nobody has a reference,
// while it is still completely valid. Then it is taken apart: its send queue is stopped, for a start routine needs no
// reference; netinet::in_ifdetach_locked(st, ifp), called with conf_lock, removes its addresses and what came with them.
void if_detach(stack& st, ifnet& ifp);

// A received frame that is processed to its end in the calling context. `packet`: number under which its fate is told,
// 0 for none. ENXIO: nothing listens on that wire (the frame is lost), EINVAL: no such wire or bad packet number,
// ENOBUFS: no memory.
int if_input(stack& st, const char* ifname, const void* frame, size_t length, uint32_t packet);

// Every received frame becomes a packet here; errors are those of if_input.
struct received {
    ifnet* ifp = nullptr;  // referenced
    mbuf* m = nullptr;
};
int if_receive(stack& st, const char* ifname, const void* frame, size_t length, uint32_t packet,
               received* r);

// A packet of that interface goes up; the caller has a reference.
void if_input_process(stack& st, ifnet& ifp, mbuf* m);

// Sends an IP packet by the interface's if_output; the caller has a reference.
int if_output(stack& st, ifnet& ifp, mbuf* m, uint32_t dst, rtentry* rt);

// Hands a frame to the send queue; ENOBUFS: dropped. The caller has a reference.
int if_enqueue(stack& st, ifnet& ifp, mbuf* m);

}  // namespace model::net
