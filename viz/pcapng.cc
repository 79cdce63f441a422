#include "viz/pcapng.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "viz/packets.h"
#include "viz/pcapng_blocks.h"
#include "viz/phrase.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr const char* dropped = "dropped";
constexpr uint8_t seconds = 0;  // resolution: 10 to the minus 0
constexpr size_t ethernet_header = 14;
const std::string ip_over_nothing = std::string(12, '\0') + std::string("\x08\0", 2);

class capture_writer {
  public:
    capture_writer(const sim::trace& t, const format_options& options) : t_(t), o_(options) {}

    bool write(std::string& bytes) {
        fates_ = fates_of(t_);
        for (const sim::trace_event& e : t_.events) {
            if (e.kind == "packet" && !e.bytes.empty()) {
                seen(e);
            } else if (is_loss(e)) {
                lost(e);
            }
        }
        if (packets_.empty()) {
            return false;
        }
        pcapng_blocks file;
        file.section(comment(), "heddle");
        for (const std::string& name : interfaces_) {
            file.interface(name,
                           name == dropped ? "no interface: what was lost on its way" : "simulated",
                           seconds);
        }
        for (const sighted& p : packets_) {
            file.add({p.interface, p.event->step, p.bytes, p.flags, p.event->packet, p.comment});
        }
        bytes = file.take();
        return true;
    }

  private:
    struct sighted {
        const sim::trace_event* event;
        uint32_t interface;
        std::string bytes;
        uint32_t flags;
        std::string comment;
    };

    void seen(const sim::trace_event& e) {
        const sighting s = sighting_of(e);
        if (s.way == packet_way_of::in && e.packet != 0) {
            came_in_[e.packet] = e.bytes;
        }
        const uint32_t flags = s.way == packet_way_of::in ? 1 : s.way == packet_way_of::out ? 2 : 0;
        const char* what = s.way == packet_way_of::in    ? "comes in"
                           : s.way == packet_way_of::out ? "goes out"
                                                         : "is seen";
        std::string text = fmt::format("{}: {} {}", when(e), name_of(e), what);
        for (const uint32_t fate :
             s.way == packet_way_of::in ? fates_[e.packet] : std::vector<uint32_t>()) {
            text += fmt::format("; {} at step {}", t_.events[fate].detail, t_.events[fate].step);
        }
        packets_.push_back({&e, interface(s.interface), e.bytes, flags, text});
    }

    // What is left of it. All of a file must have one link-level header, or tcpdump does not read it.
    void lost(const sim::trace_event& e) {
        std::string text = fmt::format("{}: {} {}", when(e), name_of(e), e.detail);
        if (!e.stack.empty()) {
            text += " in " + place(e.stack.front());
        }
        std::string bytes = e.bytes;
        const auto in = came_in_.find(e.packet);
        if (is_bare_ip(bytes)) {
            const bool known = in != came_in_.end();
            bytes = (known ? std::string(in->second.substr(0, ethernet_header)) : ip_over_nothing) +
                    bytes;
            text += known ? "; Ethernet header as it came in" : "; it has no Ethernet header yet";
        } else if (!is_ethernet(bytes) && in != came_in_.end()) {
            bytes = in->second;
            text += "; shown as it came in";
        }
        if (!bytes.empty()) {
            packets_.push_back({&e, interface(dropped), bytes, 0, text});
        }
    }

    uint32_t interface(const std::string& name) {
        const auto found = std::find(interfaces_.begin(), interfaces_.end(), name);
        if (found != interfaces_.end()) {
            return static_cast<uint32_t>(found - interfaces_.begin());
        }
        interfaces_.push_back(name);
        return static_cast<uint32_t>(interfaces_.size() - 1);
    }

    [[nodiscard]] std::string when(const sim::trace_event& e) const {
        return fmt::format("step {}, {}", e.step, who(t_, e.context));
    }
    static std::string name_of(const sim::trace_event& e) {
        return e.packet == 0 ? "a packet of the stack" : fmt::format("P{}", e.packet);
    }

    [[nodiscard]] std::string comment() const {
        std::string text = t_.header.subject;
        text += t_.header.variant.empty() ? "" : ", variant " + t_.header.variant;
        text += "\nTimes are steps: a second is a step. Packets before the race are not here.";
        for (const sim::trace_finding& f : t_.findings) {
            text += f.step == 0 ? "\nat the end: " : fmt::format("\nstep {}: ", f.step);
            text += finding_title(f, o_.plumbing);
        }
        return text + "\n" + (o_.replay.empty() ? replay_command(t_) : o_.replay);
    }

    const sim::trace& t_;
    const format_options& o_;
    std::map<uint32_t, std::vector<uint32_t>> fates_;
    std::map<uint32_t, std::string_view> came_in_;  // by number
    std::vector<std::string> interfaces_;
    std::vector<sighted> packets_;
};

}  // namespace

bool pcapng(const sim::trace& t, const format_options& options, std::string& bytes,
            std::string& error) {
    if (capture_writer(t, options).write(bytes)) {
        return true;
    }
    error = t.header.subject + ": no packet is seen on a wire in this execution";
    return false;
}

}  // namespace viz
