#include "sim/check/checker.h"

#include <algorithm>

#include "sim/check/context_rules.h"
#include "sim/check/ledger.h"
#include "sim/check/lock_order.h"

namespace sim {

using kind = finding_kind;

// A new checker is a row here, a bit in machine.h and a file.
const std::vector<checker_row>& checkers() {
    static const std::vector<checker_row> rows = {
        {"race",
         "two accesses to the same memory, one of them a write, that nothing orders",
         check_race,
         {kind::data_race},
         nullptr},
        {"memory",
         "use after free or return, double and invalid free, accesses beside a block or to no "
         "memory",
         check_memory,
         {kind::use_after_free, kind::double_free, kind::invalid_free, kind::out_of_bounds,
          kind::wild_access, kind::stack_use_after_return},
         nullptr},
        {"uninitialised",
         "heap memory is read that was never written since it was allocated",
         check_uninitialised,
         {kind::uninitialised_read},
         nullptr},
        {"leak",
         "a block that nothing points to any more when the execution is over",
         check_leak,
         {kind::leak},
         nullptr},
        {"invariant",
         "what the subject registered with heddle_invariant() does not hold",
         check_invariant,
         {kind::invariant},
         nullptr},
        {"locking",
         "a lock is taken by who holds it, or released by who does not",
         0,
         {kind::recursive_lock, kind::unlock_not_owner},
         nullptr},
        {"lock-order",
         "locks of two classes are taken in both orders",
         check_lock_order,
         {kind::lock_order},
         &lock_order()},
        {"rules",
         "sleeping, waiting or freeing where it is not allowed: in a read section, an interrupt, a "
         "callback",
         check_rules,
         {kind::forbidden_sleep, kind::grace_wait_inside, kind::barrier_inside, kind::early_free,
          kind::slots_exhausted, kind::unbalanced_region},
         &context_rules()},
        {"references",
         "a reference is put that nobody has, taken where none is left, or put of another object",
         check_references,
         {kind::put_without_reference, kind::take_at_zero, kind::put_of_wrong_object},
         &ledger()},
        {"liveness",
         "nobody can go on, or contexts go round for ever: who waits where, and for what",
         0,
         {kind::deadlock, kind::lost_wakeup, kind::livelock, kind::endless_loop},
         nullptr},
        {"crash",
         "fault, abort, failed assertion, uncaught exception, stack overflow, exit status",
         0,
         {kind::crash, kind::stack_overflow, kind::aborted, kind::assertion,
          kind::uncaught_exception, kind::exit_status, kind::unsupported},
         nullptr},
    };
    return rows;
}

const checker_row* checker_named_or_null(const std::string& name) {
    const auto row = std::find_if(checkers().begin(), checkers().end(),
                                  [&](const checker_row& r) { return name == r.name; });
    return row == checkers().end() ? nullptr : &*row;
}

std::vector<checker*> listeners;

void listen(uint32_t checks) {
    listeners.clear();
    for (const checker_row& row : checkers()) {
        if (row.listener != nullptr && (row.bit & checks) != 0) {
            listeners.push_back(row.listener);
            row.listener->forget();
        }
    }
}

}  // namespace sim
