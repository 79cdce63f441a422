// host_bench - packets/s of the native router from one TAP device to another, beside a loop that copies frames between
// the same two: what the devices themselves cost.
// Shapes:  in a network namespace of its own; rounds of both in turns, each the same number of packets, never more than
//          window on their way. The figure is the median of the rounds, the ratio that of each round.
// Errors:  without namespaces or TAP devices it says that it is skipped.
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "model/host/router.h"
#include "model/host/tap.h"

namespace {

constexpr unsigned packets = 100000;
constexpr unsigned window = 128;  // half of what waits for a softnet
constexpr unsigned rounds = 5;

[[noreturn]] void skip(const char* what) {
    std::printf("host: skipped: %s: %s\n", what, std::strerror(errno));
    std::exit(0);
}

void set_up(const char* name) {
    const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request = {};
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_UP;
    if (s < 0 || ioctl(s, SIOCSIFFLAGS, &request) != 0) {
        skip(name);
    }
    close(s);
}

// 64 bytes of UDP from 10.0.1.9 to 10.0.2.9 for the router's em0.
std::array<uint8_t, 64> frame_of() {
    std::array<uint8_t, 64> f = {2,    0, 0,  0,  1, 1, 2, 0, 0,  0,  1, 9, 8,  0,
                                 0x45, 0, 0,  50, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0,
                                 1,    9, 10, 0,  2, 9, 4, 0, 0,  9,  0, 30};
    uint32_t sum = 0;
    for (size_t i = 14; i < 34; i += 2) {
        sum += static_cast<uint32_t>(f[i] << 8U | f[i + 1]);
    }
    sum = (sum & 0xffffU) + (sum >> 16U);
    sum = ~(sum + (sum >> 16U)) & 0xffffU;
    f[24] = static_cast<uint8_t>(sum >> 8U);
    f[25] = static_cast<uint8_t>(sum);
    return f;
}

// The host's end of a TAP device.
class sender {
  public:
    explicit sender(const char* name) : fd_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
        sockaddr_ll to = {};
        to.sll_family = AF_PACKET;
        to.sll_ifindex = static_cast<int>(if_nametoindex(name));
        const int past_queueing = 1;  // the device's own queue is the only one
        if (fd_ < 0 || bind(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 ||
            setsockopt(fd_, SOL_PACKET, PACKET_QDISC_BYPASS, &past_queueing,
                       sizeof past_queueing) != 0) {
            skip("packet socket");
        }
    }
    ~sender() { close(fd_); }
    sender(const sender&) = delete;
    sender& operator=(const sender&) = delete;

    // Sends all, and returns packets/s when all have come out at the other end. What was lost is sent again.
    double run(const std::function<uint64_t()>& out) {
        const auto frame = frame_of();
        const uint64_t before = out();
        const auto start = std::chrono::steady_clock::now();
        uint64_t sent = 0;
        auto moved = start;
        for (uint64_t done = 0; done < packets;) {
            if (sent < packets && sent - done < window) {
                sent += send(fd_, frame.data(), frame.size(), 0) > 0 ? 1 : 0;
                continue;
            }
            sched_yield();  // where there are fewer processors than threads
            const uint64_t now_done = out() - before;
            const auto now = std::chrono::steady_clock::now();
            if (now_done != done) {
                moved = now;
            } else if (now - moved > std::chrono::milliseconds(200)) {
                lost_ += sent - now_done;
                sent = now_done;
                moved = now;
            }
            done = now_done;
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        return packets / took.count();
    }
    [[nodiscard]] uint64_t lost() const { return lost_; }

  private:
    int fd_;
    uint64_t lost_ = 0;
};

// Reads from one device and writes to the other: no more than is needed.
double copy_round() {
    model::host::tap in;
    model::host::tap out;
    std::string error;
    if (in.open("t0", error) != 0 || out.open("t1", error) != 0) {
        skip(error.c_str());
    }
    set_up("t0");
    set_up("t1");
    std::atomic<uint64_t> done{0};
    std::atomic<bool> stop{false};
    std::thread loop([&] {
        std::array<uint8_t, 2048> frame;
        while (!stop.load(std::memory_order_relaxed)) {
            pollfd wanted = {in.descriptor(), POLLIN, 0};
            poll(&wanted, 1, 10);
            for (long n = 0; (n = in.read(frame.data(), frame.size())) > 0;) {
                if (out.write(frame.data(), static_cast<size_t>(n)) && n == 64) {
                    done.store(done.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
                }
            }
        }
    });
    sender s("t0");
    const double rate = s.run([&] { return done.load(std::memory_order_relaxed); });
    stop.store(true);
    loop.join();
    return rate;
}

double router_round(uint64_t& lost) {
    model::host::router r("r", nullptr, "", {});
    std::string error;
    if (r.plug_tap("em0", "t0", error) != 0 || r.plug_tap("em1", "t1", error) != 0) {
        skip(error.c_str());
    }
    set_up("t0");
    set_up("t1");
    for (const char* line :
         {"ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01",
          "ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01",
          "sysctl net.inet.ip.forwarding=1", "arp -s 10.0.2.9 02:00:00:00:02:09 permanent"}) {
        std::string said;
        if (r.command(line, said) != 0) {
            std::printf("host: %s: %s", line, said.c_str());
            std::exit(1);
        }
    }
    r.start();
    sender s("t0");
    const double rate = s.run([&] { return r.statistics()[1].sent; });
    lost += s.lost();
    r.stop();
    return rate;
}

double median(std::vector<double> of) {
    std::sort(of.begin(), of.end());
    return of[of.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> parts(argv + 1, argv + argc);
    if (!parts.empty() && std::find(parts.begin(), parts.end(), "host") == parts.end()) {
        return 0;  // other parts were asked for
    }
    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
        skip("network namespace");
    }
    std::vector<double> copied;
    std::vector<double> routed;
    std::vector<double> ratios;
    uint64_t lost = 0;
    for (unsigned round = 0; round < rounds; ++round) {
        copied.push_back(copy_round());
        routed.push_back(router_round(lost));
        ratios.push_back(routed.back() / copied.back());
    }
    std::printf("64 bytes, %u packets a round, %u at a time, medians of %u rounds\n", packets,
                window, rounds);
    std::printf("  copy loop, TAP to TAP   %10.0f packets/s\n", median(copied));
    std::printf("  native router           %10.0f packets/s, %llu lost and sent again\n",
                median(routed), static_cast<unsigned long long>(lost));
    std::printf("  ratio                   %10.2f\n", median(ratios));
    return 0;
}
