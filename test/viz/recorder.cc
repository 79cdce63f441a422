#include "test/viz/recorder.h"

#include <algorithm>

namespace test {

recorder::recorder(std::string subject, std::string variant) {
    t_.header.subject = std::move(subject);
    t_.header.variant = std::move(variant);
    t_.header.strategy = "replay";
}

uint32_t recorder::context(const std::string& name, uint32_t cpu, bool service) {
    t_.header.contexts.push_back({name, cpu, service});
    t_.header.cpus = std::max(t_.header.cpus, cpu + 1);
    frames_.emplace_back();
    enabled_.push_back(true);
    return static_cast<uint32_t>(frames_.size() - 1);
}

void recorder::enter(uint32_t c, const std::string& function, const std::string& file,
                     uint32_t line, const std::string& argument) {
    frames_[c].push_back({function, file, line});
    remark(c, "enter", function, argument);
}

void recorder::leave(uint32_t c) {
    remark(c, "leave", frames_[c].back().function);
    frames_[c].pop_back();
}

void recorder::at(uint32_t c, uint32_t line) {
    frames_[c].back().line = line;
}

uint32_t recorder::step(uint32_t c, const std::string& kind, const std::string& object,
                        const std::string& detail) {
    sim::trace_event event;
    event.step = ++steps_;
    event.context = c;
    event.kind = kind;
    event.object = object;
    event.detail = detail;
    event.stack = stack(c);
    event.preemption = preempt_;
    const auto before = last_.find(object);
    if (!object.empty() && before != last_.end() && before->second.first != c) {
        event.after.push_back(before->second.second);
    }
    for (uint32_t i = 0; i < frames_.size(); ++i) {
        if (i != c && enabled_[i]) {
            event.enabled.push_back(i);
        }
    }
    last_[object] = {c, steps_};
    preempt_ = false;
    t_.events.push_back(event);
    return steps_;
}

void recorder::remark(uint32_t c, const std::string& kind, const std::string& object,
                      const std::string& detail) {
    sim::trace_event event;
    event.step = steps_;
    event.remark = true;
    event.context = c;
    event.kind = kind;
    event.object = object;
    event.detail = detail;
    event.stack = stack(c);
    t_.events.push_back(event);
}

void recorder::packet(uint32_t c, const std::string& kind, const std::string& detail,
                      uint32_t number, const std::string& bytes) {
    const char* own = "a packet of our own";
    remark(c, kind,
           kind == "packet" ? ""
           : number == 0    ? own
                            : "P" + std::to_string(number),
           detail);
    t_.events.back().packet = number;
    for (size_t i = 0; i < bytes.size(); i += 2) {
        t_.events.back().bytes += static_cast<char>(std::stoi(bytes.substr(i, 2), nullptr, 16));
    }
}

sim::trace_finding& recorder::finding(const std::string& kind, const std::string& message,
                                      uint32_t c, uint32_t step) {
    t_.header.token = "h1:" + t_.header.contexts[c].name + "*" + std::to_string(step);
    t_.findings.push_back({kind, message, step, c, stack(c), {}});
    return t_.findings.back();
}

void recorder::evidence(sim::trace_finding& finding, const std::string& label, uint32_t step,
                        uint32_t c, const std::vector<sim::trace_frame>& stack,
                        const std::string& text) {
    finding.evidence.push_back({label, step, c, text, stack});
}

std::vector<sim::trace_frame> recorder::stack(uint32_t c) const {
    return {frames_[c].rbegin(), frames_[c].rend()};
}

}  // namespace test
