#include "test/sim_trace/random_trace.h"

#include <array>
#include <string>

namespace test {

namespace {

// splitmix64: the standard distributions differ between libraries, a golden seed must not.
class source {
  public:
    explicit source(uint64_t seed) : state_(seed) {}

    uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15;
        uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    uint32_t below(uint32_t bound) { return static_cast<uint32_t>(bits() % bound); }
    bool coin() { return (bits() & 1) != 0; }

    std::string text() {
        static const std::array<const char*, 12> pieces = {
            "ifnet em1", "\"", "\\", "\n", "\t", "", "a", "\x01", "grüße", "→", "😀", "\x7f"};
        std::string out;
        for (uint32_t i = below(4); i > 0; --i) {
            out += pieces[below(pieces.size())];
        }
        return out;
    }
    std::vector<sim::trace_frame> stack() {
        std::vector<sim::trace_frame> out(below(4));
        for (sim::trace_frame& frame : out) {
            frame = {text(), text(), coin() ? below(5000) : 0};
        }
        return out;
    }

  private:
    uint64_t state_;
};

sim::trace_header header(source& random) {
    sim::trace_header out;
    out.subject = random.text();
    out.variant = random.text();
    out.strategy = random.text();
    out.token = random.text();
    for (uint32_t i = random.below(3); i > 0; --i) {
        out.drift.push_back(random.text());
    }
    out.cpus = 1 + random.below(5);
    out.contexts.resize(1 + random.below(6));
    for (sim::trace_context& context : out.contexts) {
        context = {random.text(), random.below(out.cpus), random.coin()};
    }
    return out;
}

sim::trace_event event(source& random, uint32_t contexts, uint32_t& steps) {
    sim::trace_event out;
    out.remark = random.below(4) == 0;
    out.step = out.remark ? steps : ++steps;
    out.context = random.below(contexts);
    out.kind = "k" + random.text();
    out.object = random.text();
    out.detail = random.text();
    out.order = random.text();
    out.stack = random.stack();
    for (uint32_t i = out.step > 1 ? random.below(3) : 0; i > 0; --i) {
        out.after.push_back(1 + random.below(out.step - 1));
    }
    for (uint32_t i = random.below(3); i > 0; --i) {
        out.enabled.push_back(random.below(contexts));
    }
    out.preemption = random.coin();
    out.from = out.step > 1 ? random.below(out.step) : 0;
    out.stale = random.coin();
    out.time_ns = random.coin() ? random.bits() : 0;
    out.packet = random.below(3);
    out.bytes = random.coin() ? random.text() + std::string("\0\xff", 2) : "";
    return out;
}

}  // namespace

sim::trace random_trace(uint64_t seed) {
    source random(seed);
    sim::trace out;
    out.header = header(random);
    const auto contexts = static_cast<uint32_t>(out.header.contexts.size());
    uint32_t steps = 0;
    for (uint32_t i = random.below(40); i > 0; --i) {
        out.events.push_back(event(random, contexts, steps));
    }
    out.findings.resize(random.below(3));
    for (sim::trace_finding& finding : out.findings) {
        finding = {random.text(),          random.text(),  random.below(steps + 1),
                   random.below(contexts), random.stack(), {}};
        finding.evidence.resize(random.below(3));
        for (sim::trace_evidence& evidence : finding.evidence) {
            evidence = {random.text(), random.below(steps + 1), random.below(contexts),
                        random.text(), random.stack()};
        }
    }
    return out;
}

}  // namespace test
