#include "sim/explore/object_chains.h"

#include "sim/dependence.h"
#include "sim/machine/cpus.h"

namespace sim {

namespace {

size_t hash_of(uint64_t granule) {
    return (granule * 0x9e3779b97f4a7c15ULL) >> 24;
}

}  // namespace

object_chains::object_chains() : slots_(1024) {}

uint32_t object_chains::slot_of(uint64_t granule) {
    for (;;) {
        const size_t mask = slots_.size() - 1;
        for (size_t at = hash_of(granule) & mask;; at = (at + 1) & mask) {
            slot& s = slots_[at];
            if (s.key == granule + 1) {
                return static_cast<uint32_t>(at);
            }
            if (s.key == 0) {
                if (used_ * 2 >= slots_.size()) {
                    grow();
                    break;
                }
                ++used_;
                s.key = granule + 1;
                return static_cast<uint32_t>(at);
            }
        }
    }
}

void object_chains::grow() {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    const size_t mask = slots_.size() - 1;
    for (const slot& s : old) {
        if (s.key == 0) {
            continue;
        }
        size_t at = hash_of(s.key - 1) & mask;
        while (slots_[at].key != 0) {
            at = (at + 1) & mask;
        }
        slots_[at] = s;
    }
    for (link& l : links_) {
        l.slot = slot_of(l.granule);
    }
}

void object_chains::add(uint64_t granule, int32_t depth) {
    const uint32_t at = slot_of(granule);
    links_.push_back({granule, at, slots_[at].head});
    slots_[at].head = depth;
}

void object_chains::push(const operation& op) {
    const auto depth = static_cast<int32_t>(events_.size());
    const bool is_await = op.kind == op_kind::await;
    events_.push_back({static_cast<uint32_t>(links_.size()), is_await});
    awaits_ += is_await ? 1 : 0;
    if (op.cpu != 0) {
        add(granule_of(cpu_object(op.cpu - 1U)), depth);
    }
    if (use_of(op) == operation_use::none || op.kind == op_kind::process_exit) {
        return;
    }
    for (uint64_t granule = granule_of(op.object); granule <= last_granule(op); ++granule) {
        add(granule, depth);
    }
    if (op.kind == op_kind::cond_enqueue) {
        add(granule_of(op.object2), depth);
    }
}

void object_chains::cut(size_t depth) {
    if (depth >= events_.size()) {
        return;
    }
    const uint32_t links = events_[depth].first_link;
    for (size_t i = links_.size(); i-- > links;) {
        slots_[links_[i].slot].head = links_[i].earlier;
    }
    links_.resize(links);
    for (size_t i = depth; awaits_ != 0 && i < events_.size(); ++i) {
        awaits_ -= events_[i].is_await ? 1 : 0;
    }
    events_.resize(depth);
}

int32_t object_chains::latest(uint64_t granule) const {
    const size_t mask = slots_.size() - 1;
    for (size_t at = hash_of(granule) & mask; slots_[at].key != 0; at = (at + 1) & mask) {
        if (slots_[at].key == granule + 1) {
            return slots_[at].head;
        }
    }
    return -1;
}

int32_t object_chains::earlier(int32_t depth, uint64_t granule) const {
    uint32_t i = events_[static_cast<size_t>(depth)].first_link;
    while (links_[i].granule != granule) {
        ++i;
    }
    return links_[i].earlier;
}

}  // namespace sim
