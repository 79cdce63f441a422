// Fences. They are no steps; the race checker and the memory models use their orders.
#include "sim/check/race.h"
#include "sim/machine/record.h"
#include "sim/memory/weakened.h"
#include "sim/memory/words.h"

namespace sim {

void perform_fence(context& c, uint8_t order) {
    const uint32_t epoch = c.clock.at[c.id];
    if ((g.checks & check_race) != 0) {
        race_fence(order);
    }
    if (by_graph() && c.section_depth == 0) {
        host_scope host;
        graph.add_fence(c, order, epoch);
    }
}

}  // namespace sim

using namespace sim;

extern "C" {

void __tsan_atomic_thread_fence(int order) {
    if (g.current == nullptr) {
        return;
    }
    if (by_graph() && order != 0) {
        const auto pc = reinterpret_cast<uint64_t>(__builtin_return_address(0));
        order = order_of(*g.current, pc, ordered::fence, static_cast<uint8_t>(order & 7));
        if (order == 0) {
            return;  // weakened to nothing
        }
    }
    perform_fence(*g.current, static_cast<uint8_t>(order & 7));
    record_remark("fence", 0, "");
}

void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
