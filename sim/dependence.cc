#include "sim/dependence.h"

namespace sim {

dependence_mode dependence = dependence_mode::refined;

namespace {

bool overlap(const operation& a, const operation& b) {
    const uint64_t a_size = a.size == 0 ? 1 : a.size;
    const uint64_t b_size = b.size == 0 ? 1 : b.size;
    return a.object < b.object + b_size && b.object < a.object + a_size;
}

bool same_word(const operation& a, const operation& b) {
    return a.object == b.object && a.size == b.size;
}

// Updates whose order nobody can tell: nobody looks at their results, or not at these (counters.h).
bool commute(const operation& a, const operation& b) {
    if (a.kind != op_kind::rmw || b.kind != op_kind::rmw || !same_word(a, b)) {
        return false;
    }
    return (a.commutes && b.commutes) || (a.aux == b.aux && a.aux >= update_adds);
}

// The await did not hold before the write and does not after it. Where it does hold, before and after,
// the write stays a matter of order: what whoever awaits learns from its writer depends on it. Values
// of updates that commute with each other say nothing.
bool keeps_await(const operation& await, const operation& write) {
    if (!write.has_values || !same_word(write, await) || holds(await, write.before) ||
        holds(await, write.after)) {
        return false;
    }
    return write.kind != op_kind::rmw || write.aux < update_adds;
}

}  // namespace

bool by_reader(const operation& op) {
    return op.kind == op_kind::rdlock || op.kind == op_kind::tryrdlock ||
           (op.kind == op_kind::rwunlock && op.aux == rwunlock_of_reader);
}

bool may_commute(const operation& op) {
    return op.kind == op_kind::rmw && op.aux != update_plain &&
           dependence == dependence_mode::refined;
}

bool reaches_zero(const operation& op) {
    return may_commute(op) && op.aux == update_put && op.has_values && op.after == 0;
}

bool awaits_zero(const operation& await) {
    return await.aux == 0 && await.operand == 0;
}

bool holds(const operation& await, uint64_t value) {
    switch (await.aux) {
        case 0:
            return value == await.operand;
        case 1:
            return value != await.operand;
        case 2:
            return value < await.operand;
        case 3:
            return value > await.operand;
        default:
            return value % 2 == 0;
    }
}

operation_use use_of(const operation& op) {
    switch (op.kind) {
        case op_kind::none:
        case op_kind::fence:
        case op_kind::yield:
        case op_kind::sleep:
        case op_kind::choose:
        case op_kind::join:
        case op_kind::thread_exit:
        case op_kind::dispatch:
        case op_kind::give_up:
        case op_kind::interrupt:
        case op_kind::interrupt_end:
        case op_kind::raise_level:
        case op_kind::lower_level:
        case op_kind::barrier_resume:  // ordered by who let them go on, and that is never reversed
        case op_kind::futex_resume:
            return operation_use::none;
        // A place that a script made visible commutes with everything, unless its order is asked for.
        case op_kind::point:
            return op.object == 0 ? operation_use::none : operation_use::write;
        case op_kind::load:
        case op_kind::await:
            return operation_use::read;
        // These only read if they come too late; C and C++ say so of a failed compare-and-swap.
        case op_kind::cas:
        case op_kind::once:
        case op_kind::futex_wait:
            return op.only_read ? operation_use::read : operation_use::write;
        default:
            return op.tries && op.only_read ? operation_use::read : operation_use::write;
    }
}

unsigned objects_of(const operation& op, uint64_t (&objects)[objects_max]) {
    constexpr uint64_t first_cpu = 32;  // no address of a subject, as clock_object
    unsigned n = 0;
    if (use_of(op) != operation_use::none) {
        objects[n++] = op.object;
        if (op.kind == op_kind::cond_enqueue) {
            objects[n++] = op.object2;
        }
    }
    if (op.cpu != 0) {
        objects[n++] = first_cpu + op.cpu;
    }
    return n;
}

bool dependent_closely(const operation& a, const operation& b) {
    if (a.kind == op_kind::process_exit || b.kind == op_kind::process_exit) {
        return true;  // nothing comes after the end of the process
    }
    const operation_use x = use_of(a);
    const operation_use y = use_of(b);
    if (x == operation_use::none || y == operation_use::none ||
        (x == operation_use::read && y == operation_use::read)) {
        return false;
    }
    if (overlap(a, b)) {
        if (by_reader(a) && by_reader(b)) {
            return false;
        }
        if (dependence == dependence_mode::refined) {
            return !commute(a, b) && !(a.kind == op_kind::await && keeps_await(a, b)) &&
                   !(b.kind == op_kind::await && keeps_await(b, a));
        }
        return true;
    }
    // A wait gives up a mutex: its second object. What comes back takes only the mutex.
    const bool a_two = a.kind == op_kind::cond_enqueue;
    const bool b_two = b.kind == op_kind::cond_enqueue;
    return (a_two && (a.object2 == b.object || (b_two && a.object2 == b.object2))) ||
           (b_two && b.object2 == a.object);
}

}  // namespace sim
