#include "test/sim/units.h"

#include <utility>
#include <vector>

#include "sim/explore/optimal.h"
#include "sim/explore/random.h"
#include "sim/explore/shared_tree.h"

namespace sim::test {

namespace {

template <typename T>
T through_bytes(const T& value, T (*read)(byte_reader&)) {
    byte_writer to;
    write(to, value);
    byte_reader from(to.bytes());
    T again = read(from);
    HEDDLE_ASSERT(from.whole());
    return again;
}

void tree_through_bytes(shared_tree& tree) {
    byte_writer to;
    tree.write(to);
    byte_reader from(to.bytes());
    HEDDLE_ASSERT(tree.read(from) && from.whole());
}

void add(explore_result& all, const explore_result& more) {
    all.executions += more.executions;
    all.deadlocked += more.deadlocked;
    all.pruned += more.pruned;
}

}  // namespace

explore_result explore_in_units(simulation& machine, const unit_order& order) {
    shared_tree tree;
    optimal_strategy s(0);
    random_stream random(order.seed);
    explore_result all;
    std::vector<work_unit> out;
    int32_t near = shared_tree::anywhere;
    for (;;) {
        work_unit next;
        while (out.size() < order.out &&
               tree.take(next, order.depth_first || random.below(2) == 0 ? near
                                                                         : shared_tree::anywhere)) {
            out.push_back(order.by_bytes ? through_bytes(next, read_unit) : next);
        }
        if (out.empty()) {
            break;
        }
        const size_t nth = random.below(static_cast<uint32_t>(out.size()));
        work_unit u = std::move(out[nth]);
        out.erase(out.begin() + static_cast<long>(nth));
        if (order.loses && random.below(4) == 0) {
            tree.put_back(u.id);
            continue;
        }
        s.begin_unit(std::move(u));
        explore_limits limits;
        limits.executions_max = order.executions;
        const explore_result done = explore(machine, s, limits);
        const unit_rest rest = s.end_unit();
        if (!rest.begun) {
            tree.put_back(rest.id);
            continue;
        }
        add(all, done);
        near = tree.commit(order.by_bytes ? through_bytes(rest, read_rest) : rest);
        if (order.by_bytes && out.empty()) {
            tree_through_bytes(tree);
        }
    }
    all.complete = tree.done() && tree.nodes() == 0;
    return all;
}

}  // namespace sim::test
