// record.h - writes down one execution while its schedule is replayed; costs nothing otherwise.
// Source:  sim/trace/trace.h for the result.
// Shapes:  stacks are interned; number 0 is "not recorded".
// Locks:   none. All of it is host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/finding.h"
#include "sim/machine/machine.h"
#include "sim/trace/trace.h"

namespace sim {

class recorder {
  public:
    void begin();
    void step(const context& c, uint64_t enabled);
    void outcome(const context& c);
    void remark(const char* kind, uint64_t address, const char* detail);
    // A packet, or its fate: as any remark, with its number and its bytes.
    void packet(const char* kind, const std::string& object, const std::string& detail,
                uint32_t number, std::string_view bytes);
    void function(uint64_t function_pc, bool enter);
    void blocked(const context& c);
    void found(const finding& f);
    uint32_t stack(uint64_t pc);
    void value(std::string text) { detail_ = std::move(text); }
    // Of an access by a memory model (trace.h).
    void source(uint32_t step, bool stale) {
        from_ = step;
        stale_ = stale;
    }
    // Header included; to be called when the execution is over, before the next restore.
    trace take();

  private:
    trace_event base_event(const context& c, const char* kind);
    void link(trace_event& e, const operation& op, unsigned context);
    void link_known(trace_event& e, const context& c);
    void follow(trace_event& e, unsigned id, std::vector<uint32_t> steps);
    void learn_late(const context& c);
    void know_step(uint32_t step, unsigned id);

    struct past_access {
        operation op;
        uint32_t step;
        uint8_t context;
    };
    trace trace_;
    std::string detail_;
    uint32_t from_ = 0;
    bool stale_ = false;
    bool step_open_ = false;
    uint32_t calls_ = 0;  // entries and exits since the last step
    bool pending_preemption_ = false;
    std::map<uint64_t, std::vector<past_access>> accesses_;
    std::vector<std::vector<uint32_t>> clocks_;  // [step - 1][context]: what happens before it
    std::vector<std::vector<uint32_t>> context_clock_;
    // By a memory model: of each context its last step, while what it goes on with is not known; 0: none.
    std::vector<uint32_t> open_;
    std::vector<size_t> event_of_step_;  // in trace_.events
    std::vector<std::vector<trace_frame>> stacks_;
};

// The call stack of a context, innermost first; `pc` is where it is.
std::vector<trace_frame> call_stack(const context& c, uint64_t pc);
trace_frame frame_at(uint64_t return_pc);
std::vector<trace_frame> recorded_stack(uint32_t number);

// Of the current context, which is at pc. What happens before the first snapshot happens once: it is always kept.
uint32_t stack_before_race(uint64_t pc);
inline uint32_t record_stack(uint64_t pc) {
    return g.record != nullptr ? g.record->stack(pc) : g.choosing ? 0 : stack_before_race(pc);
}
inline void record_step(const context& c, uint64_t enabled) {
    g.record->step(c, enabled);
}
inline void record_outcome(const context& c) {
    g.record->outcome(c);
}
void record_blocked(const context& c);
inline void record_remark(const char* kind, uint64_t address, const char* detail) {
    if (__builtin_expect(g.record != nullptr, 0)) {
        g.record->remark(kind, address, detail);
    }
}

std::string value_text(uint64_t value);
void record_value_text(uint64_t value);
void record_change_text(uint64_t old, uint64_t value);

template <typename T>
inline __attribute__((always_inline)) void record_value(T value) {
    if (__builtin_expect(g.record != nullptr, 0)) {
        record_value_text(static_cast<uint64_t>(value));
    }
}

template <typename T>
inline __attribute__((always_inline)) void record_change(T old, T value) {
    if (__builtin_expect(g.record != nullptr, 0)) {
        record_change_text(static_cast<uint64_t>(old), static_cast<uint64_t>(value));
    }
}

}  // namespace sim
