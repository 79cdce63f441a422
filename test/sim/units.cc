#include "test/sim/units.h"

#include <utility>
#include <vector>

#include "sim/explore/exploration.h"
#include "sim/explore/random.h"

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

class unit_search {
  public:
    unit_search(simulation& machine, const unit_order& order)
        : order_(order),
          random_(order.seed),
          worker_(machine, {.gap = 0, .steps_between_splits = 0}) {}

    explore_result run() {
        for (take(); !out_.empty(); take()) {
            const size_t nth = random_.below(static_cast<uint32_t>(out_.size()));
            work_unit u = std::move(out_[nth]);
            out_.erase(out_.begin() + static_cast<long>(nth));
            if (order_.loses && random_.below(4) == 0) {
                tree_.put_back(u.id);
            } else {
                work_on(std::move(u));
            }
            if (order_.by_bytes && out_.empty()) {
                tree_through_bytes(tree_);
            }
        }
        all_.complete = tree_.done() && tree_.nodes() == 0;
        return std::move(all_);
    }

  private:
    void take() {
        work_unit next;
        while (out_.size() < order_.out &&
               tree_.take(next, order_.depth_first || random_.below(2) == 0
                                    ? near_
                                    : shared_tree::anywhere)) {
            out_.push_back(order_.by_bytes ? through_bytes(next, read_unit) : next);
        }
    }

    unit_question asked() {
        return order_.splits ? static_cast<unit_question>(random_.below(3)) : unit_question::none;
    }

    void work_on(work_unit u) {
        const auto go_on = [](execution_end) { return true; };
        const uint64_t id = u.id;
        worker_.begin(std::move(u), go_on);
        for (bool goes_on = true; goes_on;) {
            unit_answer answer = worker_.work(order_.executions, go_on, [this] { return asked(); });
            goes_on = answer.rest.goes_on;
            if (!answer.rest.begun) {
                tree_.put_back(answer.rest.id);
                return;
            }
            merge(all_, answer.result);
            all_.pruned += answer.in_vain;
            near_ = tree_.commit(order_.by_bytes ? through_bytes(answer.rest, read_rest)
                                                 : std::move(answer.rest));
            take();
            if (goes_on && random_.below(4) == 0) {
                tree_.put_back(id);  // its worker dies, or somebody else goes on later
                return;
            }
        }
    }

    const unit_order& order_;
    random_stream random_;
    unit_worker worker_;
    shared_tree tree_;
    explore_result all_;
    std::vector<work_unit> out_;
    int32_t near_ = shared_tree::anywhere;
};

}  // namespace

explore_result explore_in_units(simulation& machine, const unit_order& order) {
    return unit_search(machine, order).run();
}

}  // namespace sim::test
