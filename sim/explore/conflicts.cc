#include "sim/explore/conflicts.h"

#include "sim/dependence.h"
#include "sim/machine/cpus.h"

namespace sim {

namespace {

size_t hash_of(uint64_t granule) {
    return (granule * 0x9e3779b97f4a7c15ULL) >> 20;
}

}  // namespace

conflict_table::slot& conflict_table::find(uint64_t granule) {
    size_t mask = slots_.size() - 1;
    for (size_t at = hash_of(granule) & mask;; at = (at + 1) & mask) {
        slot& s = slots_[at];
        if (s.key == granule + 1) {
            return s;
        }
        if (s.key == 0) {
            if (used_ * 2 >= slots_.size()) {
                grow();
                return find(granule);
            }
            ++used_;
            s.key = granule + 1;
            return s;
        }
    }
}

const conflict_table::slot* conflict_table::find_or_null(uint64_t granule) const {
    size_t mask = slots_.size() - 1;
    for (size_t at = hash_of(granule) & mask; slots_[at].key != 0; at = (at + 1) & mask) {
        if (slots_[at].key == granule + 1) {
            return &slots_[at];
        }
    }
    return nullptr;
}

void conflict_table::grow() {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    used_ = 0;
    for (const slot& s : old) {
        if (s.key != 0) {
            find(s.key - 1) = s;
        }
    }
}

bool conflict_table::add_object(uint64_t object, uint32_t size, bool write, uint8_t context) {
    bool fresh = false;
    uint64_t last = (object + (size == 0 ? 0 : size - 1)) >> 3;
    for (uint64_t granule = object >> 3; granule <= last; ++granule) {
        slot& s = find(granule);
        (write ? s.writers : s.readers) |= 1ULL << context;
        uint64_t all = s.readers | s.writers;
        if (!s.conflict && s.writers != 0 && (all & (all - 1)) != 0) {
            s.conflict = fresh = true;
            ++conflicting_;
        }
    }
    return fresh;
}

bool conflict_table::add(const operation& op, uint8_t context) {
    operation_use use = use_of(op);
    bool fresh = op.cpu != 0 && add_object(cpu_object(op.cpu - 1U), 0, true, context);
    if (use == operation_use::none || op.object == 0) {
        return fresh;
    }
    bool write = use == operation_use::write;
    fresh |= add_object(op.object, op.size, write, context);
    if (op.object2 != 0) {
        fresh |= add_object(op.object2, 0, true, context);
    }
    return fresh;
}

bool conflict_table::conflicts_at(uint64_t object) const {
    const slot* s = find_or_null(object >> 3);
    return s != nullptr && s->conflict;
}

bool conflict_table::contains(const operation& op) const {
    if (op.kind == op_kind::process_exit) {
        return true;
    }
    if (op.cpu != 0 && conflicts_at(cpu_object(op.cpu - 1U))) {
        return true;
    }
    if (use_of(op) == operation_use::none) {
        return false;
    }
    uint64_t last = (op.object + (op.size == 0 ? 0 : op.size - 1)) >> 3;
    for (uint64_t granule = op.object >> 3; granule <= last; ++granule) {
        if (conflicts_at(granule << 3)) {
            return true;
        }
    }
    return op.object2 != 0 && conflicts_at(op.object2);
}

}  // namespace sim
