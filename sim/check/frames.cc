#include "sim/check/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "sim/check/describe.h"
#include "sim/check/last_pointer.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

struct open_frame {
    uint64_t low;
    uint64_t function_pc;
    uint64_t entered;  // as last_pointer.h counts
};
struct ended_frame {
    uint64_t low;
    uint64_t high;
    uint64_t function_pc;
    uint32_t step;
};

// More are those of a loop that does not end: the first are kept.
constexpr size_t ended_max = 1'000'000;

std::vector<open_frame> open[contexts_max];
std::vector<ended_frame> ended[contexts_max];

}  // namespace

void check_frame_slow(uint64_t address, uint64_t size, bool write, uint64_t pc, uint64_t frame) {
    const context& c = g.contexts[stack_slot_of(address)];
    const bool dead = &c == g.current                  ? address < frame
                      : c.state == context_state::live ? address < c.left_at
                                                       : c.state == context_state::done;
    if (!dead) {
        return;
    }
    finding f;
    f.kind = finding_kind::stack_use_after_return;
    f.address = address;
    f.pc = pc;
    f.size = static_cast<uint8_t>(std::min<uint64_t>(size, 255));
    f.write = write;
    f.other_context = c.id;
    report(f);
}

void frames_begin() {
    for (unsigned i = 0; i < contexts_max; ++i) {
        open[i].clear();
        ended[i].clear();
    }
}

// What was entered before anything was written down has left no frame here: its callees have none above them.
void frames_entered(uint64_t function_pc, uint64_t frame) {
    if (g.current == nullptr || !in_stack_area(frame)) {
        return;
    }
    host_scope host;
    std::vector<open_frame>& frames = open[g.current->id];
    while (!frames.empty() && frames.back().low <= frame) {
        frames.pop_back();  // left by a jump or an exception
    }
    frames.push_back({frame, function_pc, last_pointer_now()});
}

void frames_left() {
    if (g.current == nullptr || open[g.current->id].empty()) {
        return;
    }
    host_scope host;
    const context& c = *g.current;
    std::vector<open_frame>& frames = open[c.id];
    const open_frame f = frames.back();
    frames.pop_back();
    const uint64_t high = frames.empty() ? c.stack_high : frames.back().low;
    last_pointer_frame_ends(f.low, high, f.function_pc, f.entered);
    if (ended[c.id].size() < ended_max) {
        ended[c.id].push_back({f.low, high, f.function_pc, g.steps});
    }
}

bool frame_that_ended(uint64_t address, trace_evidence& e) {
    const unsigned id = stack_slot_of(address);
    const std::vector<ended_frame>& frames = ended[id];
    const auto f = std::find_if(frames.rbegin(), frames.rend(), [address](const ended_frame& old) {
        return address >= old.low && address < old.high;
    });
    if (f == frames.rend()) {
        return false;
    }
    e.label = "frame";
    e.step = f->step;
    e.context = id;
    e.stack = {frame_at(f->function_pc)};
    e.text = fmt::format("a variable of {}, and that call has ended", e.stack[0].function);
    return true;
}

}  // namespace sim
