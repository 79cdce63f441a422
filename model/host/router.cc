#include "model/host/router.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <thread>
#include <utility>

#include "model/admin/tools.h"
#include "model/host/tap.h"
#include "model/kern/assert.h"
#include "model/kern/cpu.h"
#include "model/kern/proc.h"
#include "model/net/if_em.h"
#include "model/net/stack.h"

namespace model::host {

namespace {

// CPU 0 is the administrator's.
constexpr unsigned ports_max = kern::cpus_max - 1;

// As many as the card has room for: who reads more at a time only finds its ring full.
constexpr unsigned batch = 64;

// Where a receive thread and the start routine of an interface meet the world.
struct port {
    net::stack* st = nullptr;           // [I]
    std::string ifname;                 // [I]
    unsigned cpu = 0;                   // [I] of the receive thread
    unsigned queue = 0;                 // [I] receive ring, and so softnet
    std::unique_ptr<cable> line;        // [I]
    capture* record = nullptr;          // [I]
    unsigned record_number = 0;         // [I]
    int stop = -1;                      // [I] readable: the thread is to end
    std::thread receiver;               // [A]
    std::atomic<uint64_t> received{0};  // [a] written by the receive thread only
    std::atomic<uint64_t> refused{0};   // [a] the same
    std::atomic<uint64_t> sent{0};      // [a] written with the wire's mutex only
    std::atomic<uint64_t> lost{0};      // [a] the same
};

// A count with one writer.
void count(std::atomic<uint64_t>& cell) {
    cell.store(cell.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

// The far end of the wire.
void send(void* argument, const uint8_t* bytes, size_t length) {
    port& p = *static_cast<port*>(argument);
    if (p.record != nullptr) {
        p.record->write(p.record_number, direction::out, bytes, length);
    }
    count(p.line->write(bytes, length) ? p.sent : p.lost);
}

// Reads what has come, up to a batch, and gives each frame to the card. False: nothing more has come.
bool receive_batch(port& p, uint8_t* frame, size_t size) {
    for (unsigned n = 0; n < batch; ++n) {
        const long length = p.line->read(frame, size);
        if (length <= 0) {
            return false;
        }
        count(p.received);
        if (p.record != nullptr) {
            p.record->write(p.record_number, direction::in, frame, static_cast<size_t>(length));
        }
        if (net::em_receive(*p.st, p.ifname.c_str(), p.queue, frame, static_cast<size_t>(length),
                            0) != 0) {
            count(p.refused);
        }
    }
    return true;
}

void receive(port& p) {
    kern::cpu_attach(p.cpu);
    std::array<uint8_t, net::mbuf_length_max> frame;
    pollfd wanted[] = {{p.line->descriptor(), POLLIN, 0}, {p.stop, POLLIN, 0}};
    bool more = false;
    while (poll(wanted, std::size(wanted), more ? 0 : -1) >= 0 || errno == EINTR) {
        if (wanted[1].revents != 0) {
            return;
        }
        if ((wanted[0].revents & POLLIN) == 0 && (wanted[0].revents & (POLLERR | POLLHUP)) != 0) {
            wanted[0].fd = -1;  // the device has been deleted: nothing comes any more
        }
        more = receive_batch(p, frame.data(), frame.size());
    }
}

}  // namespace

struct router::parts {
    explicit parts(const char* name) : st(std::make_unique<net::stack>(name, kern::cpus_max)) {}

    std::unique_ptr<net::stack> st;            // [A] null: taken apart
    capture* record = nullptr;                 // [I]
    std::string prefix;                        // [I]
    kern::proc administrator;                  // of commands
    std::vector<std::unique_ptr<port>> ports;  // [A]
    bool receiving = false;                    // [A]
};

router::router(const char* name, capture* record, std::string prefix, const console& to)
    : parts_(std::make_unique<parts>(name)) {
    kern::cpu_attach(0);
    parts_->record = record;
    parts_->prefix = std::move(prefix);
    parts_->st->log.console = to.show;
    parts_->st->log.console_argument = to.argument;
}

router::~router() {
    take_apart();
    for (const std::unique_ptr<port>& p : parts_->ports) {
        close(p->stop);
    }
}

bool router::is_interface(std::string_view name) {
    return net::em_unit(std::string(name).c_str()) >= 0;
}

namespace {

void start_receiving(port& p) {
    p.receiver = std::thread(receive, std::ref(p));
}

bool has_cable(const std::vector<std::unique_ptr<port>>& ports, const std::string& ifname) {
    return std::any_of(ports.begin(), ports.end(),
                       [&](const std::unique_ptr<port>& p) { return p->ifname == ifname; });
}

}  // namespace

int router::plug(const std::string& ifname, std::unique_ptr<cable> with, std::string& error) {
    const int unit = net::em_unit(ifname.c_str());
    if (unit < 0) {
        error = "'" + ifname + "' is no interface: em0 to em15";
        return EINVAL;
    }
    if (has_cable(parts_->ports, ifname)) {
        error = ifname + " has a cable already";
        return EBUSY;
    }
    if (parts_->ports.size() == ports_max) {
        error = "no more than " + std::to_string(ports_max) + " interfaces";
        return ENOSPC;
    }
    auto p = std::make_unique<port>();
    p->st = parts_->st.get();
    p->ifname = ifname;
    p->cpu = static_cast<unsigned>(parts_->ports.size()) + 1;
    p->queue = static_cast<unsigned>(parts_->ports.size()) % kern::softnets_max;
    p->line = std::move(with);
    p->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    kern::kassert(p->stop >= 0, "plug: no descriptor is free");
    if (parts_->record != nullptr) {
        p->record = parts_->record;
        p->record_number = parts_->record->add_interface(parts_->prefix + ifname);
    }
    net::wire_plug(parts_->st->wires[unit], {send, p.get()});
    if (parts_->receiving) {
        start_receiving(*p);
    }
    parts_->ports.push_back(std::move(p));
    return 0;
}

int router::plug_tap(const std::string& ifname, const std::string& tap_name, std::string& error) {
    if (has_cable(parts_->ports, ifname)) {
        return 0;
    }
    auto device = std::make_unique<tap>();
    if (const int why = device->open(tap_name, error); why != 0) {
        return why;
    }
    return plug(ifname, std::move(device), error);
}

void router::start() {
    parts_->receiving = true;
    for (const std::unique_ptr<port>& p : parts_->ports) {
        start_receiving(*p);
    }
}

int router::command(std::string_view line, std::string& out) {
    const kern::proc_use use(parts_->administrator);
    return admin::command(*parts_->st, line, out);
}

void router::interrupt() {
    kern::psignal(parts_->administrator, EINTR);
}

void router::stop() {
    parts_->receiving = false;
    for (const std::unique_ptr<port>& p : parts_->ports) {
        if (p->receiver.joinable()) {
            const uint64_t one = 1;
            kern::kassert(write(p->stop, &one, sizeof one) == sizeof one, "stop: eventfd");
            p->receiver.join();
        }
    }
}

void router::take_apart() {
    stop();
    // Its interfaces may still send meanwhile: the cables are there.
    parts_->st.reset();
}

std::vector<port_statistics> router::statistics() const {
    std::vector<port_statistics> all;
    for (const std::unique_ptr<port>& p : parts_->ports) {
        all.push_back({p->ifname, p->line->name(), p->received.load(std::memory_order_relaxed),
                       p->refused.load(std::memory_order_relaxed),
                       p->sent.load(std::memory_order_relaxed),
                       p->lost.load(std::memory_order_relaxed)});
    }
    return all;
}

}  // namespace model::host
