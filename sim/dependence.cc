#include "sim/dependence.h"

namespace sim {

dependence_mode dependence = dependence_mode::refined;

namespace {

bool overlap(const operation& a, const operation& b) {
    uint64_t a_size = a.size == 0 ? 1 : a.size;
    uint64_t b_size = b.size == 0 ? 1 : b.size;
    return a.object < b.object + b_size && b.object < a.object + a_size;
}

}  // namespace

operation_use use_of(const operation& op) {
    switch (op.kind) {
        case op_kind::none:
        case op_kind::fence:
        case op_kind::yield:
        case op_kind::sleep:
        case op_kind::choose:
        case op_kind::join:
        case op_kind::thread_exit:
        case op_kind::point: return operation_use::none;
        case op_kind::load:
        case op_kind::await:
        case op_kind::rdlock:
        case op_kind::tryrdlock: return operation_use::read;
        default: break;
    }
    // A failed compare-and-swap, try-lock or wait changed nothing.
    return op.only_read && dependence == dependence_mode::refined ? operation_use::read
                                                                  : operation_use::write;
}

bool dependent(const operation& a, const operation& b) {
    if (a.kind == op_kind::process_exit || b.kind == op_kind::process_exit) {
        return true;  // nothing comes after the end of the process
    }
    operation_use x = use_of(a);
    operation_use y = use_of(b);
    if (x == operation_use::none || y == operation_use::none) {
        return false;
    }
    if (x == operation_use::read && y == operation_use::read) {
        return false;
    }
    if (overlap(a, b)) {
        return true;
    }
    // A condition's resume is about its mutex and its condition.
    return (a.object2 != 0 && (a.object2 == b.object || a.object2 == b.object2)) ||
           (b.object2 != 0 && b.object2 == a.object);
}

}  // namespace sim
