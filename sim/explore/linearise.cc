#include "sim/explore/linearise.h"

#include <algorithm>
#include <vector>

#include "sim/dependence.h"
#include "sim/explore/reversal.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

class orderer {
  public:
    orderer(const event_log& log, size_t past_of, size_t also)
        : log_(log), past_of_(past_of), of_(contexts_max) {
        for (uint32_t depth = 0; depth < log.size(); ++depth) {
            if (past_of == no_event || log.before(depth, past_of) ||
                (also != no_event && log.before(depth, also))) {
                of_[log.at(depth).context].push_back(depth);
                if (only_awaits(log.at(depth).op)) {
                    awaits_.push_back(depth);
                }
                ++left_;
            }
        }
    }

    linear_order run() {
        while (left_ != 0) {
            const size_t next = next_context();
            order_.preemptions += current_ != contexts_max && next != current_ && could_go_on();
            take(next);
        }
        order_.choices.visible = visible_count();
        return std::move(order_);
    }

  private:
    [[nodiscard]] bool has_next(size_t context) const {
        return done_[context] < of_[context].size();
    }
    [[nodiscard]] uint32_t next_of(size_t context) const { return of_[context][done_[context]]; }

    // Everything before its next event is done.
    [[nodiscard]] bool can(size_t context) const {
        if (!has_next(context) || (next_of(context) == past_of_ && left_ != 1)) {
            return false;
        }
        const uint32_t* clock = log_.clock(next_of(context));
        for (size_t i = 0; i < log_.width(); ++i) {
            if (i != context && clock[i] > done_[i]) {
                return false;
            }
        }
        return awaits_.empty() || !after_await(next_of(context));
    }

    // A write comes after the awaits that it came after, though they need not happen before it.
    [[nodiscard]] bool after_await(uint32_t depth) const {
        const operation& op = log_.at(depth).op;
        return use_of(op) == operation_use::write &&
               std::any_of(awaits_.begin(), awaits_.end(), [&](uint32_t await) {
                   const logged_event& a = log_.at(await);
                   return await < depth && a.index > done_[a.context] && dependent(a.op, op);
               });
    }

    [[nodiscard]] size_t next_context() const {
        if (current_ != contexts_max && can(current_)) {
            return current_;
        }
        size_t next = 0;
        while (!can(next)) {
            ++next;
        }
        return next;
    }

    // What the current context is about to do, though it is not its turn, needs nobody's leave.
    [[nodiscard]] bool could_go_on() const {
        return has_next(current_) && !can_wait(log_.at(next_of(current_)).op);
    }

    void take(size_t context) {
        const uint32_t depth = next_of(context);
        order_.choices.push_back(static_cast<uint8_t>(context));
        for (size_t k = log_.picks_begin(depth); k < log_.picks_end(depth); ++k) {
            order_.choices.push_back(static_cast<uint8_t>(choice_is_data | log_.pick(k).taken));
        }
        ++done_[context];
        --left_;
        current_ = context;
    }

    const event_log& log_;
    size_t past_of_;
    std::vector<std::vector<uint32_t>> of_;  // depths of each context's events
    std::vector<uint32_t> awaits_;           // depths
    uint32_t done_[contexts_max] = {};
    size_t left_ = 0;
    size_t current_ = contexts_max;
    linear_order order_;
};

}  // namespace

linear_order linearise(const event_log& log, size_t past_of, size_t also) {
    return log.size() == 0 ? linear_order() : orderer(log, past_of, also).run();
}

}  // namespace sim
