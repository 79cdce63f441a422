#include "sim/explore/graph_pool.h"

#include <algorithm>
#include <utility>

#include "sim/machine/machine.h"

namespace sim {

namespace {

// Of what is left, the part that is one unit: not all, for others want some, too; not one by one, for most lead to few
// executions. Those that were left first lead to the most as a rule.
constexpr size_t part = 8;
constexpr size_t beginnings_max = 256;

}  // namespace

bool graph_pool::take(work_unit& u) {
    if (left_.empty()) {
        return false;
    }
    u = work_unit();
    u.id = next_id_++;
    u.kind = unit_kind::graphs;
    u.graphs = left_.take_first(std::clamp(left_.size() / part, size_t{1}, beginnings_max));
    out_.emplace(u.id, u.graphs);
    return true;
}

size_t graph_pool::ready(size_t enough) const {
    return std::min(left_.size(), enough);
}

void graph_pool::commit(unit_rest rest) {
    HEDDLE_ASSERT(out_.erase(rest.id) == 1);
    left_.add(rest.graphs);
}

void graph_pool::put_back(uint64_t id) {
    const auto at = out_.find(id);
    HEDDLE_ASSERT(at != out_.end());
    left_.add(at->second);
    out_.erase(at);
}

void graph_pool::write(byte_writer& to) const {
    HEDDLE_ASSERT(out_.empty());
    left_.write(to);
}

bool graph_pool::read(byte_reader& from) {
    out_.clear();
    return left_.read(from);
}

}  // namespace sim
