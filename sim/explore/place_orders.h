// place_orders.h - "this context does this before that one does that": asked of executions, or enforced.
// Source:  ordering constraints of Lotto, doc/ordering-constraint.md; exploration.md D6.
// Shapes:  places as in blocks.h. An order is kept if its first place was performed, and its second later;
//          a second place at which its context stands at the end counts as later. Enforced, a context at its
//          second place cannot go on until the first was performed; so the search behind it still has every
//          execution that keeps the order.
// Locks:   none; host code.
// Errors:  none: where only contexts are left that wait so, the execution is given up.
#pragma once

#include <bitset>
#include <functional>
#include <vector>

#include "sim/explore/blocks.h"

namespace sim {

struct place_order {
    uint8_t first_context = 0;
    place first;
    uint8_t second_context = 0;
    place second;
    bool operator==(const place_order&) const = default;
};

inline constexpr size_t orders_max = 192;
using order_set = std::bitset<orders_max>;

// Asks another strategy; watches all orders, and enforces some of them.
class order_watch final : public strategy {
  public:
    order_watch(const std::vector<place_order>& orders, strategy& inner,
                std::function<void()> before)
        : orders_(orders), recorder_(inner, std::move(before)), times_(orders.size()) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override { return recorder_.pick(view, n); }
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void time_passes() override { recorder_.time_passes(); }
    void end(execution_end why) override { recorder_.end(why); }

    void ask(strategy& inner) { recorder_.ask(inner); }
    void enforce(const order_set& orders) { enforced_ = orders; }
    // Those that the execution has kept.
    [[nodiscard]] order_set kept() const;

  private:
    struct times {
        uint32_t first = 0;  // step, 0: not performed
        uint32_t second = 0;
    };

    const std::vector<place_order>& orders_;
    trail_recorder recorder_;
    std::vector<times> times_;
    order_set enforced_;
};

}  // namespace sim
