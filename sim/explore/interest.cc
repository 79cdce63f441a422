#include "sim/explore/interest.h"

#include "sim/dependence.h"
#include "sim/machine/machine.h"

namespace sim {

bool countable(const operation& op) {
    return op.object != 0 && op.kind != op_kind::unlock && op.kind != op_kind::rwunlock &&
           use_of(op) != operation_use::none;
}

void interest_table::clear() {
    noted_.clear();
    objects_.clear();
    learned_ = 0;
}

void interest_table::note(const operation& op, uint8_t context) {
    if (countable(op)) {
        host_scope host;
        noted_.push_back({op.object, context, use_of(op) == operation_use::write});
    }
}

void interest_table::learn() {
    ++learned_;
    for (const use& u : noted_) {
        record& r = objects_[u.object];
        r.users |= 1ULL << u.context;
        r.written |= u.write;
        ++r.total;
        if (r.by_context.size() <= u.context) {
            r.by_context.resize(u.context + size_t{1});
        }
        ++r.by_context[u.context];
    }
    noted_.clear();
}

uint64_t interest_table::draw(random_stream& stream) const {
    uint64_t all = 0;
    for (const auto& [object, r] : objects_) {
        all += r.disputed() ? r.total : 0;
    }
    if (all == 0) {
        return 0;
    }
    uint64_t left = stream.next() % all;
    for (const auto& [object, r] : objects_) {
        if (r.disputed()) {
            if (left < r.total) {
                return object;
            }
            left -= r.total;
        }
    }
    return 0;
}

uint32_t interest_table::count(uint64_t object, uint8_t context) const {
    const auto at = objects_.find(object);
    if (at == objects_.end() || at->second.by_context.size() <= context) {
        return 0;
    }
    return static_cast<uint32_t>((at->second.by_context[context] + learned_ - 1) / learned_);
}

size_t interest_table::disputed() const {
    size_t n = 0;
    for (const auto& [object, r] : objects_) {
        n += r.disputed() ? 1 : 0;
    }
    return n;
}

}  // namespace sim
