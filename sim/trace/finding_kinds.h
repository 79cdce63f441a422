// finding_kinds.h - every kind of finding, its names and its weight: the one list of them.
// Source:  design section 4: a closed list of verdicts.
// Shapes:  a row a kind, in the order of finding_kind. A trace and a report have kinds by name, a .race file by word.
// Locks:   none; constants.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace sim {

enum class finding_kind : uint8_t {
    use_after_free,
    double_free,
    invalid_free,
    out_of_bounds,
    wild_access,
    leak,
    data_race,
    deadlock,
    crash,
    stack_overflow,
    aborted,
    assertion,
    uncaught_exception,
    exit_status,
    endless_loop,
    recursive_lock,
    unlock_not_owner,
    invariant,
    unsupported,
    livelock,
    stack_use_after_return,
    uninitialised_read,
    lock_order,
    forbidden_sleep,
    grace_wait_inside,
    barrier_inside,
    early_free,
    slots_exhausted,
    unbalanced_region,
    put_without_reference,
    take_at_zero,
    put_of_wrong_object,
    lost_wakeup,
    count_
};

// What an execution of several findings is about is the heaviest, the first of these: only what ends an execution
// says what went wrong, and the others may be how it came to that, or nothing to do with it.
enum class finding_weight : uint8_t {
    leftover,     // seen when all is over
    noted,        // on the way
    rule_broken,  // on the way, and what ends the execution says what it led to
    ends,         // going on has no meaning
};

struct finding_row {
    const char* name;  // "use after free"
    const char* word;  // "use-after-free"
    finding_weight weight;
};

inline constexpr finding_row finding_rows[] = {
    {"use after free", "use-after-free", finding_weight::ends},
    {"double free", "double-free", finding_weight::ends},
    {"invalid free", "invalid-free", finding_weight::ends},
    {"out of bounds", "out-of-bounds", finding_weight::ends},
    {"wild access", "wild-access", finding_weight::ends},
    {"leak", "leak", finding_weight::leftover},
    {"data race", "data-race", finding_weight::noted},
    {"deadlock", "deadlock", finding_weight::ends},
    {"crash", "crash", finding_weight::ends},
    {"stack overflow", "stack-overflow", finding_weight::ends},
    {"abort", "abort", finding_weight::ends},
    {"assertion failed", "assertion", finding_weight::ends},
    {"uncaught exception", "uncaught-exception", finding_weight::ends},
    {"exit status", "exit-status", finding_weight::noted},
    {"endless loop", "endless-loop", finding_weight::ends},
    {"recursive lock", "recursive-lock", finding_weight::ends},
    {"unlock by non-owner", "unlock-by-non-owner", finding_weight::ends},
    {"invariant violated", "invariant", finding_weight::rule_broken},
    {"unsupported", "unsupported", finding_weight::ends},
    {"livelock", "livelock", finding_weight::ends},
    {"stack use after return", "stack-use-after-return", finding_weight::ends},
    {"uninitialised read", "uninitialised-read", finding_weight::noted},
    {"lock order", "lock-order", finding_weight::rule_broken},
    {"sleep where none is allowed", "sleep-where-none-is-allowed", finding_weight::rule_broken},
    {"grace wait inside a read section", "grace-wait-inside-a-read-section",
     finding_weight::rule_broken},
    {"barrier inside its own queue", "barrier-inside-its-own-queue", finding_weight::rule_broken},
    {"free before the grace period", "free-before-the-grace-period", finding_weight::rule_broken},
    {"slots exhausted", "slots-exhausted", finding_weight::rule_broken},
    {"unbalanced region", "unbalanced-region", finding_weight::rule_broken},
    {"put without a reference", "put-without-a-reference", finding_weight::rule_broken},
    {"take at zero", "take-at-zero", finding_weight::rule_broken},
    {"put of the wrong object", "put-of-the-wrong-object", finding_weight::rule_broken},
    {"lost wakeup", "lost-wakeup", finding_weight::ends},
};
static_assert(std::size(finding_rows) == static_cast<size_t>(finding_kind::count_));

constexpr const finding_row& row_of(finding_kind kind) {
    return finding_rows[static_cast<size_t>(kind)];
}

}  // namespace sim
