#include "sim/machine/faults.h"

#include <array>
#include <utility>

#include "sim/check/journal.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

std::vector<allocation_choice> allocations;    // empty: any
journalled<uint32_t> allocated[contexts_max];  // by each, since everybody began

// Who draws takes one of so many: else most executions would show what goes wrong first, and nothing else.
constexpr uint32_t drawn_from = 8;

constexpr size_t kinds = static_cast<size_t>(fault::count_);
journalled<std::array<uint32_t, kinds>> used;

constexpr const char* happens[kinds] = {"the allocation fails", "the wait ends by itself",
                                        "freed memory is used again", "the timer fires",
                                        "the packet is lost"};
constexpr const char* does_not[kinds] = {"the allocation succeeds", "no spurious wakeup",
                                         "fresh memory", "the timer does not fire yet",
                                         "the packet arrives"};

uint32_t choose(bool too_many) {
    if (g.plan != g.plan_end || !g.policy->draws()) {
        return choose_alternative(2);
    }
    host_scope host;
    const choice_view view{g.enabled, g.contexts, g.steps, g.last, true};
    const uint32_t taken = !too_many && g.policy->pick(view, drawn_from) == 1 ? 1 : 0;
    g.choices.push_back(static_cast<uint8_t>(choice_is_data | taken));
    return taken;
}

bool goes_wrong(fault kind) {
    const auto k = static_cast<size_t>(kind);
    std::array<uint32_t, kinds> now = used.get();
    const bool too_many = now[k] >= g.limits.faults[k];
    if (choose(too_many) == 0) {
        return false;
    }
    if (too_many) {
        operation_done(*g.current);
        end_execution(execution_end::pruned);
    }
    host_scope host;
    ++now[k];
    used.set(now);
    return true;
}

}  // namespace

void choose_allocations(std::vector<allocation_choice> which) {
    allocations = std::move(which);
}

bool allocation_fails_slow(uint64_t pc) {
    bool may = allocations.empty();
    {
        host_scope host;
        const uint32_t nth = allocated[g.current->id].get() + 1;
        allocated[g.current->id].set(nth);
        for (const allocation_choice& a : allocations) {
            may |=
                a.nth == nth && (a.context.empty() || a.context == name_of_context(g.current->id));
        }
    }
    return may && fault_chosen_slow(fault::failed_allocation, pc);
}

bool fault_in_operation_slow(fault kind) {
    const bool happens_now = goes_wrong(kind);
    if (happens_now) {
        record_remark("note", 0, happens[static_cast<size_t>(kind)]);
    }
    return happens_now;
}

bool fault_chosen_slow(fault kind, uint64_t pc) {
    begin_operation(op_kind::choose, 0, pc);
    g.current->op.aux = 2;
    const bool happens_now = goes_wrong(kind);
    if (g.record != nullptr) {
        host_scope host;
        const auto k = static_cast<size_t>(kind);
        g.record->value(happens_now ? happens[k] : does_not[k]);
    }
    operation_done(*g.current);
    return happens_now;
}

}  // namespace sim
