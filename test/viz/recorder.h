// recorder.h - writes traces by hand the way the machine does: stacks, order, preemptions filled
// in.
// Shapes:  contexts are the indices that context() returned, in that order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace test {

class recorder {
  public:
    recorder(std::string subject, std::string variant);

    uint32_t context(const std::string& name, uint32_t cpu, bool service = false);

    // Calls and returns of a context; `line` becomes the line of the frame.
    void enter(uint32_t c, const std::string& function, const std::string& file, uint32_t line,
               const std::string& argument = "");
    void leave(uint32_t c);
    // The line at which the innermost frame stands from now on.
    void at(uint32_t c, uint32_t line);

    // A step; returns its number. It happens after the last step on its object by another context.
    uint32_t step(uint32_t c, const std::string& kind, const std::string& object = "",
                  const std::string& detail = "");
    // Whether the lists of enabled contexts name it.
    void can_go_on(uint32_t c, bool can) { enabled_[c] = can; }
    // The next step leaves a context that could go on.
    void preempt() { preempt_ = true; }
    void remark(uint32_t c, const std::string& kind, const std::string& object,
                const std::string& detail = "");
    // A packet or its fate; the bytes in hexadecimal.
    void packet(uint32_t c, const std::string& kind, const std::string& detail, uint32_t number,
                const std::string& bytes);

    sim::trace_finding& finding(const std::string& kind, const std::string& message, uint32_t c,
                                uint32_t step);
    static void evidence(sim::trace_finding& finding, const std::string& label, uint32_t step,
                         uint32_t c, const std::vector<sim::trace_frame>& stack,
                         const std::string& text = "");

    [[nodiscard]] std::vector<sim::trace_frame> stack(uint32_t c) const;
    [[nodiscard]] uint32_t steps() const { return steps_; }
    sim::trace take() { return std::move(t_); }

  private:
    sim::trace t_;
    std::vector<std::vector<sim::trace_frame>> frames_;          // per context, outermost first
    std::map<std::string, std::pair<uint32_t, uint32_t>> last_;  // object: context, step
    std::vector<bool> enabled_;
    uint32_t steps_ = 0;
    bool preempt_ = false;
};

}  // namespace test
