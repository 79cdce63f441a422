#include "scenarios/runner/lock_orders.h"

#include <fmt/format.h>

#include "sim/check/lock_order.h"

namespace scenario {

bool add_lock_orders(const sim::explore_result& explored, bool complete, variant_report& r) {
    bool any = false;
    for (const sim::lock_cycle& cycle : sim::lock_cycles(explored.learned, complete)) {
        const std::string name = "lock order " + cycle.name;
        switch (cycle.state) {
            case sim::cycle_state::witnessed:
                r.notes.push_back(name + ": a deadlock that was found waits like this");
                break;
            case sim::cycle_state::refuted:
                r.notes.push_back(fmt::format(
                    "{}: refuted, everything was explored and nobody waits like this; {}", name,
                    cycle.text));
                break;
            case sim::cycle_state::open:
                any = true;
                finding_report f;
                f.kind = sim::name_of(sim::finding_kind::lock_order);
                f.where = cycle.where;
                f.message = fmt::format(
                    "{}: these may wait for each other, and not everything was explored, which "
                    "could "
                    "refute it; {}",
                    cycle.name, cycle.text);
                r.findings.push_back(f);
                break;
        }
    }
    return any;
}

}  // namespace scenario
