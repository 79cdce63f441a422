// access_log.h - what was done while an execution is written down: plain accesses and operations, with who called
//                whom and which locks were held. From it a finding is told with both of its sides.
// Source:  ours.
// Shapes:  in the order in which they happened; of very many plain accesses the last are kept. Callers are return
//          addresses, innermost first, `pc` not among them.
// Locks:   none; host code.
// Errors:  what is not known is null.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/machine/machine.h"
#include "sim/trace/trace.h"

namespace sim {

struct held_lock {
    uint64_t object;
    bool shared;
    bool operator==(const held_lock&) const = default;
};

struct logged_access {
    uint64_t address;
    uint64_t size;
    uint64_t pc;
    uint32_t callers;  // which list of them
    uint32_t locks;
    uint32_t step;  // the one that it belongs to
    uint32_t at;    // how many operations had been performed
    uint8_t context;
    bool write;
};

struct logged_operation {
    operation op;
    uint32_t callers;
    uint32_t locks;
    uint32_t step;
    uint8_t context;
};

void access_log_begin();
// The current context is about to make this access. Only while check_written_down.
void access_log_add(uint64_t offset, uint64_t size, bool write, uint64_t pc);
// It was performed.
void access_log_operation(const context& c);

// The last access of that context from that place to that byte; if it was an operation, as if it were none.
const logged_access* find_access_or_null(uint64_t address, unsigned context, bool write,
                                         uint64_t pc);
const std::vector<logged_operation>& logged_operations();
std::vector<trace_frame> stack_of(const logged_access& a);
const std::vector<held_lock>& locks_of(const logged_access& a);
// Which locks a context holds by now.
const std::vector<held_lock>& locks_held(unsigned context);

// The current context's callers as return addresses.
std::vector<uint64_t> callers_of(const context& c);

}  // namespace sim
