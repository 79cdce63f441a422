// Races of steps that take a CPU, or to whose CPU interrupts come: they wait for two things, and may be reversed
// only where both are there.
#include <algorithm>

#include "sim/dependence.h"
#include "sim/explore/reversal.h"
#include "sim/machine/cpus.h"

namespace sim {

namespace {

enum class section : uint8_t { none, begins, ends };

// The level above which interrupts keep the context of an operation on a CPU from going on.
unsigned own_level(const operation& op) {
    switch (op.kind) {
        case op_kind::interrupt_end:
        case op_kind::raise_level:
        case op_kind::lower_level:
            return static_cast<unsigned>(op.operand);
        case op_kind::give_up:
            return 0;
        default:
            return op.level_from;
    }
}

// What keeps an operation from its CPU. Of the begin of an interrupt: whoever raises the level as far as its own.
// Of other steps: interrupts of higher levels, and if they take the CPU, who has it.
section of_cpu(const operation& op, const operation& of) {
    if (op.kind == op_kind::interrupt) {
        const bool before = of.level_from >= op.level_to;
        const bool after = of.level_to >= op.level_to;
        return before == after ? section::none : after ? section::begins : section::ends;
    }
    if (op.on_cpu && (of.kind == op_kind::interrupt || of.kind == op_kind::interrupt_end)) {
        const bool above = of.operand > own_level(op);
        return !above                          ? section::none
               : of.kind == op_kind::interrupt ? section::begins
                                               : section::ends;
    }
    if (!op.takes_cpu) {
        return section::none;
    }
    return of.takes_cpu                  ? section::begins
           : of.kind == op_kind::give_up ? section::ends
                                         : section::none;
}

section of_rwlock(const operation& op) {
    switch (op.kind) {
        case op_kind::rdlock:
        case op_kind::tryrdlock:
            return (op.before & 1) != 0 ? section::begins : section::none;
        case op_kind::wrlock:
        case op_kind::trywrlock:
            return (op.before & 2) != 0 ? section::begins : section::none;
        case op_kind::rwunlock:
            return section::ends;
        default:
            return section::none;
    }
}

}  // namespace

bool race_finder::is_later(uint32_t depth, const std::vector<uint32_t>& roots) const {
    return std::any_of(roots.begin(), roots.end(),
                       [&](uint32_t root) { return log_.before(root, depth); });
}

// Not before everything that happens before the operation anyway.
bool race_finder::add_root(std::vector<uint32_t>& roots, uint32_t depth) const {
    roots.push_back(depth);
    return !event_log::includes(alone_clock_, log_.at(depth));
}

// Whoever holds the object where its end of that comes later, or is not to come, has to begin later, too.
template <typename Kind>
bool race_finder::without_holders(std::vector<uint32_t>& roots, uint64_t object, Kind of) const {
    const uint64_t granule = object_chains::granule_of(object);
    uint64_t ended = 0;  // contexts whose section ends before the operation
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const auto depth = static_cast<uint32_t>(at);
        const logged_event& e = log_.at(depth);
        const uint64_t bit = 1ULL << e.context;
        const section kind = of(e.op);
        if (kind == section::none) {
            continue;
        }
        const bool later = is_later(depth, roots);
        if (kind == section::ends && !later) {
            ended |= bit;
            continue;
        }
        if (kind == section::begins && !later && (ended & bit) == 0 && !add_root(roots, depth)) {
            return false;
        }
        ended &= ~bit;
    }
    return true;
}

// Of what changed the object since it was possible the first comes later, with all that follows.
bool race_finder::where_possible(std::vector<uint32_t>& roots, const logged_event& e) const {
    const uint64_t granule = object_chains::granule_of(e.op.object);
    const auto concerns = [&](int32_t at) {
        const logged_event& earlier = log_.at(static_cast<size_t>(at));
        return earlier.context != e.context && dependent_by_object(earlier.op, e.op);
    };
    const int32_t latest = log_.chains().latest(granule);
    int32_t first = impossible_ ? latest : -1;
    for (int32_t at = latest; at >= 0; at = log_.chains().earlier(at, granule)) {
        first = concerns(at) && is_later(static_cast<uint32_t>(at), roots) ? at : first;
    }
    if (first < 0) {
        return !impossible_;
    }
    for (int32_t at = first; at >= 0; at = log_.chains().earlier(at, granule)) {
        const auto depth = static_cast<uint32_t>(at);
        if (concerns(at) && possible_before(e.op, log_.at(depth).op)) {
            return is_later(depth, roots) || add_root(roots, depth);
        }
    }
    return false;
}

// All that uses the CPU of a step is in one line: it could come before the last of that at most, and before
// whatever keeps it from its CPU there.
void race_finder::walk_interruptible(const logged_event& e, uint32_t latest) {
    const logged_event& last = log_.at(latest);
    if (last.context != e.context && !event_log::includes(alone_clock_, last)) {
        race(e, latest, alone_clock_);
    }
}

// Adds the fewest events that have to come later, too, for the operation to be possible there, and sorts them.
// False: it cannot be.
bool race_finder::could_be_before(std::vector<uint32_t>& roots, const logged_event& e) const {
    for (size_t known = 0; known != roots.size();) {
        known = roots.size();
        if (!without_holders(roots, cpu_object(e.op.cpu - 1U),
                             [&](const operation& of) { return of_cpu(e.op, of); })) {
            return false;
        }
        if (!waits_for_object(e.op)) {
            continue;
        }
        const bool possible = e.op.kind == op_kind::wrlock
                                  ? without_holders(roots, e.op.object, of_rwlock)
                                  : where_possible(roots, e);
        if (!possible) {
            return false;
        }
    }
    std::sort(roots.begin(), roots.end());
    return true;
}

// The clock of the operation before these roots: what it needs anyway, and what of its objects comes before it
// there, too.
const uint32_t* race_finder::clock_before(const std::vector<uint32_t>& roots,
                                          const logged_event& e) {
    std::copy_n(alone_clock_, log_.width(), clock_before_);
    const auto join_earlier = [&](uint64_t granule) {
        for (int32_t at = log_.chains().latest(granule); at >= 0;
             at = log_.chains().earlier(at, granule)) {
            const auto depth = static_cast<uint32_t>(at);
            if (dependent(log_.at(depth).op, e.op) && !is_later(depth, roots)) {
                log_.join(clock_before_, log_.clock(depth));
            }
        }
    };
    if (e.op.kind == op_kind::process_exit) {
        for (uint32_t depth = 0; depth < log_.analysed(); ++depth) {
            if (!is_later(depth, roots)) {
                log_.join(clock_before_, log_.clock(depth));
            }
        }
        return clock_before_;
    }
    join_earlier(object_chains::granule_of(cpu_object(e.op.cpu - 1U)));
    if (use_of(e.op) == operation_use::none) {
        return clock_before_;
    }
    for (uint64_t granule = object_chains::granule_of(e.op.object);
         granule <= object_chains::last_granule(e.op); ++granule) {
        join_earlier(granule);
    }
    if (e.op.kind == op_kind::cond_enqueue) {
        join_earlier(object_chains::granule_of(e.op.object2));
    }
    return clock_before_;
}

}  // namespace sim
