#include "sim/explore/order_choice.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace sim {

namespace {

constexpr size_t all_tried_to = 3;
constexpr size_t orders_wanted = 8;

// Which passing executions break an order: a bit each.
using breakers = std::vector<uint64_t>;

class hitting_search {
  public:
    hitting_search(const std::set<std::string>& passing, const order_set& candidates)
        : count_(passing.size()) {
        std::vector<order_set> kept;
        for (const std::string& text : passing) {
            kept.emplace_back(text);
        }
        for (size_t i = 0; i < orders_max; ++i) {
            breakers b((count_ + 63) / 64, 0);
            for (size_t k = 0; candidates[i] && k < count_; ++k) {
                b[k / 64] |= uint64_t{!kept[k][i]} << (k % 64);
            }
            if (hits(b) != 0) {
                orders_.push_back(i);
                broken_by_.push_back(std::move(b));
            }
        }
    }

    order_choice run() {
        order_choice found;
        for (size_t size = 1; size <= all_tried_to; ++size) {
            std::vector<size_t> taken;
            if (extend(taken, breakers((count_ + 63) / 64, 0), 0, size)) {
                for (size_t i : taken) {
                    found.orders.push_back(orders_[i]);
                }
                found.hits_all = true;
                return found;
            }
        }
        return greedy();
    }

  private:
    static size_t hits(const breakers& b) {
        size_t sum = 0;
        for (uint64_t word : b) {
            sum += static_cast<size_t>(std::popcount(word));
        }
        return sum;
    }

    static breakers both(const breakers& a, const breakers& b) {
        breakers sum = a;
        for (size_t i = 0; i < sum.size(); ++i) {
            sum[i] |= b[i];
        }
        return sum;
    }

    bool extend(std::vector<size_t>& taken, const breakers& broken, size_t from, size_t left) {
        if (left == 0) {
            return hits(broken) == count_;
        }
        for (size_t i = from; i < orders_.size(); ++i) {
            taken.push_back(i);
            if (extend(taken, both(broken, broken_by_[i]), i + 1, left - 1)) {
                return true;
            }
            taken.pop_back();
        }
        return false;
    }

    // Whatever breaks most of what is left; if that does not end soon, the first three of it.
    order_choice greedy() {
        std::vector<size_t> taken;
        breakers broken((count_ + 63) / 64, 0);
        while (taken.size() < orders_wanted && hits(broken) != count_) {
            size_t best = 0;
            size_t best_hits = hits(broken);
            const size_t before = best_hits;
            for (size_t i = 0; i < orders_.size(); ++i) {
                const size_t now = hits(both(broken, broken_by_[i]));
                if (now > best_hits) {
                    best = i;
                    best_hits = now;
                }
            }
            if (best_hits == before) {
                break;
            }
            broken = both(broken, broken_by_[best]);
            taken.push_back(best);
        }
        order_choice found;
        found.hits_all = count_ != 0 && hits(broken) == count_;
        drop_superfluous(taken, hits(broken));
        if (!found.hits_all) {
            taken.resize(std::min(taken.size(), all_tried_to));
        }
        for (size_t i : taken) {
            found.orders.push_back(orders_[i]);
        }
        return found;
    }

    // An order that was taken early may follow from those taken later.
    void drop_superfluous(std::vector<size_t>& taken, size_t broken) const {
        for (size_t i = 0; i < taken.size();) {
            breakers others((count_ + 63) / 64, 0);
            for (size_t k = 0; k < taken.size(); ++k) {
                others = k == i ? others : both(others, broken_by_[taken[k]]);
            }
            if (hits(others) == broken) {
                taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(i));
            } else {
                ++i;
            }
        }
    }

    size_t count_;
    std::vector<size_t> orders_;  // those that some passing execution breaks
    std::vector<breakers> broken_by_;
};

}  // namespace

order_choice choose_orders(const std::set<std::string>& passing, const order_set& candidates) {
    return hitting_search(passing, candidates).run();
}

}  // namespace sim
