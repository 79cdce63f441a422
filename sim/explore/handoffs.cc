#include "sim/explore/handoffs.h"

#include "sim/dependence.h"

namespace sim {

namespace {

uint64_t mixed(uint64_t x) {
    x *= 0x9e3779b97f4a7c15ULL;
    return x ^ (x >> 29);
}

}  // namespace

uint32_t handoff_table::add(const std::vector<step_record>& history) {
    ++execution_;
    uint32_t fresh = 0;
    for (const step_record& s : history) {
        const operation_use use = use_of(s.op);
        if (use == operation_use::none) {
            continue;
        }
        access& last = last_[mixed(s.op.object) % objects];
        const bool write = use == operation_use::write;
        if (last.execution == execution_ && last.object == s.op.object &&
            last.context != s.context && (write || last.write)) {
            const size_t bit = mixed(mixed(last.pc) ^ s.op.pc) % bits;
            const uint64_t mask = 1ULL << (bit % 64);
            fresh += (seen_[bit / 64] & mask) == 0 ? 1 : 0;
            seen_[bit / 64] |= mask;
        }
        last = {execution_, s.op.object, s.op.pc, s.context, write};
    }
    return fresh;
}

}  // namespace sim
