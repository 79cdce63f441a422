#include "sim/explore/explain.h"

#include <algorithm>
#include <tuple>

#include "sim/dependence.h"
#include "sim/explore/bounded.h"
#include "sim/explore/exhaustive.h"
#include "sim/explore/order_choice.h"
#include "sim/explore/random.h"
#include "sim/explore/reorder.h"
#include "sim/machine/cpus.h"
#include "sim/machine/memory.h"
#include "sim/machine/visible.h"

namespace sim {

namespace {

constexpr uint32_t bound_max = 8;        // of the search where not all interleavings can be run
constexpr uint32_t rounds_max = 8;       // of choosing orders and looking for a counterexample
constexpr size_t looked_back_max = 300;  // steps
constexpr uint64_t samples_max = 2000;   // random executions where not all can be run

bool is_access(op_kind kind) {
    return kind == op_kind::load || kind == op_kind::store || kind == op_kind::rmw ||
           kind == op_kind::cas || kind == op_kind::await;
}

// The step that freed what was used after that, 0 if the failure is no such use.
uint32_t freed_at(const finding& f) {
    const bool about_freed =
        f.kind == finding_kind::use_after_free || f.kind == finding_kind::double_free;
    const block* b =
        about_freed && in_heap_area(f.address) ? find_block_or_null(f.address) : nullptr;
    return b != nullptr && b->freed ? b->freed_step : 0;
}

// What may decide the failure, the most telling first. To be called while the execution is in memory.
class candidate_orders {
  public:
    explicit candidate_orders(const failing_runs& runs)
        : trail_(runs.trail()), stands_(runs.stands()) {
        const trail_order order(trail_);
        add_use_of_freed(runs.what());
        for (uint8_t id = 0; id < stands_.size(); ++id) {
            const context& c = g.contexts[id];
            if (c.state == context_state::live && stands_[id].pc == c.op.pc) {
                for (uint32_t step : order.followed_by(id, c.op)) {
                    add(step + 1, 0, id, stands_[id]);
                }
            }
        }
        for (const auto& [a, b] : order.direct()) {
            add(a + 1, b + 1, trail_[b].context, trail_[b].where);
        }
        direct_ = all_.size();
        add_indirect();
        std::stable_sort(
            all_.begin(), all_.end(),
            [&](const explained_order& a, const explained_order& b) { return rank(a) < rank(b); });
        all_.resize(std::min(all_.size(), orders_max));
    }

    [[nodiscard]] const std::vector<explained_order>& all() const { return all_; }

  private:
    void add(uint32_t first, uint32_t second, uint8_t context, const place& where) {
        const trail_step& a = trail_[first - 1];
        all_.push_back({{a.context, a.where, context, where}, first, second, false});
    }

    void add_use_of_freed(const finding& f) {
        const uint32_t freed = freed_at(f);
        const bool known = freed != 0 && f.step != 0 && f.step <= trail_.size() && freed < f.step;
        if (known && trail_[freed - 1].context != trail_[f.step - 1].context) {
            const trail_step& use = trail_[f.step - 1];
            add(freed, f.step, use.context, use.where);
            all_.back().release = true;
        }
    }

    // What follows from other orders may tell more: that a value was read before it was written by another
    // is part of every lost update, that the other's own write came before that one only of some.
    void add_indirect() {
        for (size_t b = 0; b < trail_.size(); ++b) {
            uint64_t read = 0;  // contexts whose latest use of the kind is known
            uint64_t written = 0;
            for (size_t a = b; a-- > 0 && b - a < looked_back_max;) {
                const uint64_t bit = 1ULL << trail_[a].context;
                uint64_t& known = use_of(trail_[a].op) == operation_use::read ? read : written;
                if (trail_[a].context == trail_[b].context || (known & bit) != 0 ||
                    !dependent(trail_[a].op, trail_[b].op)) {
                    continue;
                }
                known |= bit;
                if (!is_known(static_cast<uint32_t>(a + 1), static_cast<uint32_t>(b + 1))) {
                    add(static_cast<uint32_t>(a + 1), static_cast<uint32_t>(b + 1),
                        trail_[b].context, trail_[b].where);
                }
            }
        }
    }

    [[nodiscard]] bool is_known(uint32_t first, uint32_t second) const {
        return std::any_of(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(direct_),
                           [&](const explained_order& o) {
                               return o.first_step == first && o.second_step == second;
                           });
    }

    // A release and a use, who waits for good, accesses of memory, the rest; then the latest.
    [[nodiscard]] std::tuple<int, uint32_t> rank(const explained_order& o) const {
        const context& c = g.contexts[o.order.second_context];
        const bool later = o.second_step == 0;
        const bool waits = later && is_stuck(c);
        const op_kind second = later ? c.op.kind : trail_[o.second_step - 1].op.kind;
        const bool access = is_access(trail_[o.first_step - 1].op.kind) && is_access(second);
        const int kind = o.release ? 0 : waits ? 1 : access ? 2 : 3;
        return {kind, ~(later ? o.first_step : o.second_step)};
    }

    const std::vector<trail_step>& trail_;
    const std::vector<place>& stands_;
    std::vector<explained_order> all_;
    size_t direct_ = 0;
};

class explainer {
  public:
    explainer(evidence_pool& pool, const std::vector<explained_order>& candidates,
              uint64_t steps_max, explanation& e)
        : pool_(pool), candidates_(candidates), steps_max_(steps_max), e_(e) {}

    void run() {
        collect();
        for (uint32_t round = 0; round < rounds_max; ++round) {
            choose();
            if (e_.always || !e_.sufficient || e_.all_interleavings || !counterexample(round)) {
                break;
            }
        }
        e_.executions = pool_.executions();
        e_.passes = pool_.passes();
    }

  private:
    // All interleavings if there are few enough, else those with few preemptions, and samples.
    void collect() {
        exhaustive_strategy every;
        e_.all_interleavings =
            pool_.run_all(every, steps_max_ / 3, false).complete && !pool_.met_new_races();
        if (e_.all_interleavings) {
            return;
        }
        bounded_strategy bounded(bound_max);
        const evidence_pool::search r = pool_.run_all(bounded, steps_max_ / 3, false);
        e_.complete_to = pool_.met_new_races() ? -1
                         : r.complete          ? static_cast<int>(bound_max)
                                               : bounded.complete_to();
        random_strategy random(1);
        for (uint64_t i = 0; i < samples_max && !pool_.out_of_time(); ++i) {
            pool_.run_one(random);
        }
    }

    void choose() {
        e_.always = pool_.passing().empty();
        e_.orders.clear();
        if (e_.always) {
            return;
        }
        order_set all;
        for (size_t i = 0; i < candidates_.size(); ++i) {
            all.set(i);
        }
        const order_set needed = all & pool_.kept_by_all_failing();
        order_choice chosen = choose_orders(pool_.passing(), needed);
        e_.necessary = true;
        if (!chosen.hits_all) {
            const order_choice other = choose_orders(pool_.passing(), all);
            if (other.hits_all || chosen.orders.empty()) {
                chosen = other;
                e_.necessary = false;
            }
        }
        e_.sufficient = chosen.hits_all;
        chosen_.reset();
        for (size_t i : chosen.orders) {
            chosen_.set(i);
            e_.orders.push_back(candidates_[i]);
        }
    }

    // An execution that keeps what was chosen and does not fail.
    bool counterexample(uint32_t round) {
        const uint64_t steps = steps_max_ / 3 / rounds_max;
        pool_.enforce(chosen_);
        const size_t before = pool_.passing().size();
        bounded_strategy bounded(bound_max);
        pool_.run_all(bounded, steps / 2, false);
        random_strategy random(round + 2);
        for (uint64_t i = 0; i < samples_max / rounds_max && !pool_.out_of_time(); ++i) {
            pool_.run_one(random);
        }
        pool_.enforce({});
        return pool_.passing().size() != before;
    }

    evidence_pool& pool_;
    const std::vector<explained_order>& candidates_;
    uint64_t steps_max_;
    explanation& e_;
    order_set chosen_;
};

}  // namespace

explanation explain(simulation& subject, const recorded_choices& choices,
                    const work_limits& limits) {
    explanation e;
    failing_runs runs(subject, limits);
    if (!runs.start(choices)) {
        return e;
    }
    e.fails = true;
    e.what = runs.what();
    e.steps = static_cast<uint32_t>(runs.trail().size());
    const candidate_orders candidates(runs);
    std::vector<place_order> orders;
    for (const explained_order& o : candidates.all()) {
        orders.push_back(o.order);
    }
    evidence_pool pool(subject, runs.signature(), choices.visible, orders, limits);
    e.turning = find_inflection(pool, runs.best_choices(), e.steps, limits.steps_max / 3);
    explainer(pool, candidates.all(), limits.steps_max / 3 * 2, e).run();
    // Who only stands at a second step (0) when the failure happens comes last.
    std::stable_sort(
        e.orders.begin(), e.orders.end(), [](const explained_order& a, const explained_order& b) {
            return a.first_step != b.first_step ? a.first_step < b.first_step
                                                : a.second_step - 1 < b.second_step - 1;
        });
    e.cut_short = pool.out_of_time();
    return e;
}

}  // namespace sim
