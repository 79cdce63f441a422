#include "sim/explore/reversal.h"

#include <algorithm>

#include "sim/dependence.h"
#include "sim/machine/cpus.h"

namespace sim {

bool waits_for_object(const operation& op) {
    switch (op.kind) {
        case op_kind::lock:
        case op_kind::rdlock:
        case op_kind::cond_resume:
        case op_kind::sem_wait:
        case op_kind::once:
        case op_kind::await:
            return !op.tries;
        case op_kind::wrlock:
            return !op.tries && op.aux != wrlock_announces;
        default:
            return false;
    }
}

bool possible_before(const operation& op, const operation& earlier) {
    switch (op.kind) {
        case op_kind::lock:
        case op_kind::cond_resume:
            return earlier.kind != op_kind::cond_enqueue && earlier.before == 0;
        case op_kind::rdlock:
            return (earlier.before & 1) != 0;
        case op_kind::wrlock:
            return (earlier.before & 2) != 0;
        case op_kind::sem_wait:
            return earlier.before != 0;
        case op_kind::once:
            return earlier.before != 1;
        default:
            return earlier.has_values && earlier.object == op.object && earlier.size == op.size &&
                   holds(op, earlier.before);
    }
}

namespace {

bool covers(const operation& a, const operation& b) {
    return a.object <= b.object && a.object + a.size >= b.object + b.size;
}

bool takes_shared(const operation& op) {
    return op.kind == op_kind::rdlock || (op.kind == op_kind::tryrdlock && !op.only_read);
}

// What comes of the operation where it stands before `root`: outcomes differ from those it had.
void adapt(operation& op, const operation& root) {
    const bool same_word =
        root.has_values && root.object == op.object && root.size == op.size && op.size != 0;
    op.commutes = false;
    switch (op.kind) {
        case op_kind::cas:
        case op_kind::futex_wait:
            op.only_read = same_word && root.before != op.operand;
            op.has_values = false;
            break;
        case op_kind::store:
            op.has_values = op.has_values && same_word;
            op.before = root.before;
            break;
        case op_kind::await:
            break;
        default:
            op.only_read = false;
            op.has_values = false;
    }
}

}  // namespace

// Everything before `earlier` in the chain happens before `e` through it.
bool race_finder::ends_walk(const logged_event& earlier, const logged_event& e) const {
    const operation& op = earlier.op;
    if (use_of(op) != operation_use::write || !covers(op, e.op) || may_commute(op) ||
        by_reader(op)) {
        return false;
    }
    // A write need not depend on the awaits before it.
    return !(log_.chains().awaited() && dependence == dependence_mode::refined &&
             use_of(e.op) == operation_use::write);
}

void race_finder::race(const logged_event& e, uint32_t root, const uint32_t* clock) {
    found_.roots.assign(1, root);
    if (!waits_for_cpu(e.op)) {
        found(e, clock);
    } else if (could_be_before(found_.roots, e)) {
        found(e, clock_before(found_.roots, e));
    }
}

void race_finder::race(const logged_event& e, std::vector<uint32_t>& roots, const uint32_t* clock) {
    if (waits_for_cpu(e.op) && !could_be_before(roots, e)) {
        return;
    }
    std::sort(roots.begin(), roots.end());
    found_.roots = roots;
    found(e, waits_for_cpu(e.op) ? clock_before(roots, e) : clock);
}

void race_finder::found(const logged_event& e, const uint32_t* clock) {
    found_.end = static_cast<uint32_t>(log_.analysed());
    found_.last = e;
    found_.clock = clock;
    adapt(found_.last.op, log_.at(found_.roots.front()).op);
    sink_.reverse(found_);
}

// The write need not be ordered after the await.
bool race_finder::bypassed(const logged_event& await, uint32_t depth, const logged_event& write,
                           const uint32_t* clock) {
    if (!only_awaits(await.op) || dependence != dependence_mode::refined ||
        write.op.object != await.op.object || write.op.size != await.op.size ||
        !write.op.has_values || may_commute(write.op) || write.op.on_cpu) {
        return false;
    }
    if (judged_ != log_.analysed()) {
        judged_ = log_.analysed();
        alone_ = bypasses_.alone(write.op, write.context);
    }
    if (!alone_) {
        return false;
    }
    if (!event_log::includes(clock, await)) {
        order_.learn(await, write);
        bypasses_.add(depth, write);
    }
    return true;
}

// Adds to what happens before an operation the awaits that writes among it came after, and so on.
void race_finder::add_bypassed(uint32_t* clock) const {
    for (size_t depth = log_.analysed(); depth-- > 0;) {
        const logged_event& await = log_.at(depth);
        if (!only_awaits(await.op) || event_log::includes(clock, await)) {
            continue;
        }
        for (size_t later = depth + 1; later < log_.analysed(); ++later) {
            const logged_event& write = log_.at(later);
            if (event_log::includes(clock, write) && use_of(write.op) == operation_use::write &&
                dependent(write.op, await.op)) {
                log_.join(clock, log_.clock(depth));
                break;
            }
        }
    }
}

void race_finder::try_after_all(const std::vector<bypass>& list) {
    for (const bypass& b : list) {
        found_.roots.assign(1, b.await);
        found_.end = b.write;
        found_.last = log_.at(b.write);
        found_.clock = log_.clock(b.write);
        adapt(found_.last.op, log_.at(b.await).op);
        sink_.reverse(found_);
    }
}

// A context that goes round alone makes long chains in which there is nothing for it.
constexpr uint32_t long_walk = 64;

void race_finder::walk(const logged_event& e, uint64_t granule, uint32_t* clock) {
    const bool zero = reaches_zero(e.op);
    if (zero) {
        std::copy_n(clock, log_.width(), above_zero_);
    }
    uint32_t walked = 0;
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        if (++walked == long_walk && !log_.chains().awaited() &&
            log_.includes_others(clock, e.context)) {
            return;
        }
        const auto depth = static_cast<uint32_t>(at);
        const logged_event& earlier = log_.at(depth);
        if (bypassed(earlier, depth, e, clock)) {
            continue;
        }
        if (!event_log::includes(clock, earlier) && dependent_by_object(earlier.op, e.op)) {
            found_.above_zero = zero && earlier.op.commutes ? above_zero_ : nullptr;
            race(e, depth, clock);
            found_.above_zero = nullptr;
            log_.join(clock, log_.clock(depth));
            if (zero && !earlier.op.commutes) {
                log_.join(above_zero_, log_.clock(depth));
            }
        }
        if (ends_walk(earlier, e)) {
            return;
        }
    }
}

// Several granules: the chains are walked as one, latest event first.
void race_finder::walk_many(const logged_event& e, uint32_t* clock) {
    std::vector<uint32_t> all;
    auto gather = [&](uint64_t granule) {
        for (int32_t at = log_.chains().latest(granule); at >= 0;
             at = log_.chains().earlier(at, granule)) {
            all.push_back(static_cast<uint32_t>(at));
        }
    };
    for (uint64_t granule = object_chains::granule_of(e.op.object);
         granule <= object_chains::last_granule(e.op); ++granule) {
        gather(granule);
    }
    if (e.op.kind == op_kind::cond_enqueue) {
        gather(object_chains::granule_of(e.op.object2));
    }
    std::sort(all.rbegin(), all.rend());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (uint32_t depth : all) {
        const logged_event& earlier = log_.at(depth);
        if (earlier.context != e.context && dependent_by_object(earlier.op, e.op) &&
            !event_log::includes(clock, earlier)) {
            race(e, depth, clock);
            log_.join(clock, log_.clock(depth));
        }
    }
}

// What let it go on is passed over; the race is with the event before which it was possible.
void race_finder::walk_waiting(const logged_event& e, uint32_t* clock) {
    const uint64_t granule = object_chains::granule_of(e.op.object);
    std::vector<uint32_t> let_it_go;
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const auto depth = static_cast<uint32_t>(at);
        const logged_event& earlier = log_.at(depth);
        if (earlier.context == e.context) {
            if (ends_walk(earlier, e)) {
                break;
            }
            continue;
        }
        if (!dependent_by_object(earlier.op, e.op)) {
            continue;
        }
        let_it_go.push_back(depth);
        if (possible_before(e.op, earlier.op)) {
            if (!event_log::includes(clock, earlier)) {
                race(e, depth, clock);
            }
            break;
        }
    }
    for (uint32_t depth : let_it_go) {
        log_.join(clock, log_.clock(depth));
    }
}

// A writer after readers: each reader's section could come later as a whole. False: there are none.
bool race_finder::walk_readers(const logged_event& e, uint32_t* clock, bool waits) {
    const uint64_t granule = object_chains::granule_of(e.op.object);
    int32_t unlocked[contexts_max];
    int32_t locked[contexts_max];
    std::fill(std::begin(unlocked), std::end(unlocked), -1);
    std::fill(std::begin(locked), std::end(locked), -1);
    uint64_t readers = 0;
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const logged_event& earlier = log_.at(static_cast<uint32_t>(at));
        const uint64_t bit = 1ULL << earlier.context;
        if (earlier.op.kind == op_kind::rwunlock && earlier.op.aux == rwunlock_of_reader) {
            if (unlocked[earlier.context] < 0 && locked[earlier.context] < 0) {
                unlocked[earlier.context] = at;
            }
        } else if (takes_shared(earlier.op)) {
            if (locked[earlier.context] < 0) {
                locked[earlier.context] = at;
                readers |= earlier.context != e.context ? bit : 0;
            }
        } else if (use_of(earlier.op) == operation_use::write) {
            break;
        }
    }
    if (readers == 0) {
        return false;
    }
    std::vector<uint32_t> holding;
    std::vector<uint32_t> test(log_.width());
    for (uint64_t rest = readers; rest != 0; rest &= rest - 1) {
        const auto reader = static_cast<unsigned>(__builtin_ctzll(rest));
        if (unlocked[reader] < 0) {
            holding.push_back(static_cast<uint32_t>(locked[reader]));
            continue;
        }
        if (waits) {
            continue;
        }
        std::copy_n(clock, log_.width(), test.begin());
        for (uint64_t others = readers & ~(1ULL << reader); others != 0; others &= others - 1) {
            log_.join(test.data(),
                      log_.clock(static_cast<size_t>(unlocked[__builtin_ctzll(others)])));
        }
        const auto root = static_cast<uint32_t>(locked[reader]);
        if (!event_log::includes(test.data(), log_.at(root))) {
            race(e, root, test.data());
        }
    }
    for (uint64_t rest = readers; rest != 0; rest &= rest - 1) {
        const int32_t at = unlocked[__builtin_ctzll(rest)];
        if (at >= 0) {
            log_.join(clock, log_.clock(static_cast<size_t>(at)));
        }
    }
    if (waits && !holding.empty()) {
        const bool free = std::none_of(holding.begin(), holding.end(), [&](uint32_t root) {
            return event_log::includes(clock, log_.at(root));
        });
        if (free) {
            race(e, holding, clock);
        }
    }
    return true;
}

// The end of the process against the last event of each context.
void race_finder::walk_exit(const logged_event& e, uint32_t* clock) {
    if (log_.includes_all(clock)) {
        return;
    }
    for (size_t depth = log_.analysed(); depth-- > 0;) {
        const logged_event& earlier = log_.at(depth);
        if (earlier.context != e.context && !event_log::includes(clock, earlier)) {
            race(e, static_cast<uint32_t>(depth), clock);
            log_.join(clock, log_.clock(depth));
        }
    }
}

// Whoever had the CPU since it was free could have it later.
void race_finder::walk_cpu(const logged_event& e, uint32_t* clock) {
    const uint64_t granule = object_chains::granule_of(cpu_object(e.op.cpu - 1U));
    const int32_t latest = log_.chains().latest(granule);
    if (e.op.on_cpu && latest >= 0) {
        walk_interruptible(e, static_cast<uint32_t>(latest));
    }
    for (int32_t at = latest; at >= 0 && !e.op.on_cpu; at = log_.chains().earlier(at, granule)) {
        const auto depth = static_cast<uint32_t>(at);
        if (log_.at(depth).op.takes_cpu) {
            if (!event_log::includes(alone_clock_, log_.at(depth))) {
                race(e, depth, alone_clock_);
            }
            break;
        }
    }
    if (latest >= 0) {
        log_.join(clock, log_.clock(static_cast<size_t>(latest)));
    }
}

void race_finder::find(const logged_event& e, uint32_t* clock, bool waits) {
    const bool for_cpu = waits_for_cpu(e.op);
    if (for_cpu) {
        std::copy_n(clock, log_.width(), alone_clock_);
    }
    if (e.op.kind == op_kind::process_exit) {
        walk_exit(e, clock);
    } else if (use_of(e.op) == operation_use::none) {
        // Concerns nobody, but for its CPU.
    } else if (waits_for_object(e.op)) {
        if (e.op.kind != op_kind::wrlock || !walk_readers(e, clock, waits)) {
            walk_waiting(e, clock);
        }
    } else if (object_chains::one_granule(e.op)) {
        walk(e, object_chains::granule_of(e.op.object), clock);
    } else {
        walk_many(e, clock);
    }
    if (for_cpu) {
        walk_cpu(e, clock);
    }
}

void race_finder::next() {
    const logged_event& e = log_.next_event();
    uint32_t* clock = log_.next_clock();
    log_.base_clock(e, clock);
    bypasses_.cut();
    judged_ = nobody;
    find(e, clock, false);
    try_after_all(bypasses_.due(e));
    log_.enter();
}

void race_finder::ended() {
    try_after_all(bypasses_.due_at_end());
}

bool race_finder::passed_late(const context& c) {
    uint32_t clock[contexts_max];
    const logged_event e = log_.pending(c);
    if (dependence != dependence_mode::refined || bypasses_.only_writer(e) == 0xff) {
        return false;
    }
    log_.base_clock(e, clock);
    add_bypassed(clock);
    const uint64_t granule = object_chains::granule_of(e.op.object);
    for (int32_t at = log_.chains().latest(granule); at >= 0;
         at = log_.chains().earlier(at, granule)) {
        const logged_event& write = log_.at(static_cast<size_t>(at));
        if (use_of(write.op) == operation_use::write && dependent(write.op, e.op) &&
            !event_log::includes(clock, write) && possible_before(e.op, write.op)) {
            order_.learn(e, write);
            return true;
        }
    }
    return false;
}

bool race_finder::awaits_one() const {
    for (size_t depth = 0; awaited() && depth < log_.size(); ++depth) {
        const logged_event& e = log_.at(depth);
        if (only_awaits(e.op) && bypasses_.only_writer(e) != 0xff) {
            return true;
        }
    }
    return false;
}

void race_finder::blocked(const context& c) {
    const bool possible = (g.enabled & c.bit) != 0;
    const bool never = (c.op.kind == op_kind::cond_resume && !c.signalled) ||
                       !(waits_for_object(c.op) || (waits_for_cpu(c.op) && possible));
    if (never) {
        return;
    }
    uint32_t clock[contexts_max];
    const logged_event e = log_.pending(c);
    log_.base_clock(e, clock);
    impossible_ = !possible;
    find(e, clock, true);
    impossible_ = false;
}

void race_finder::cut_off(const context& c, uint32_t exit) {
    uint32_t clock[contexts_max];
    const logged_event e = log_.pending(c);
    log_.base_clock(e, clock);
    std::copy_n(clock, log_.width(), alone_clock_);
    race(e, exit, clock);
}

}  // namespace sim
