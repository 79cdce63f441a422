// graph_search.h - every execution graph of a memory model, each once.
// Source:  Kokologiannakis, Marmanis, Gladstein, Vafeiadis, "Truly Stateless, Optimal Dynamic Partial Order Reduction",
//          POPL 2022 (TruSt); exploration.md D3; sim/memory/README.md says what is different here.
// Shapes:  a graph is kept as the steps that lead to it. What is left to do is a stack of such beginnings, which share
//          nothing: each is run from the root, then goes on with the lowest context that can.
// Locks:   none.
// Errors:  a beginning that the model does not admit, or that is not possible, is given up and does not count.
#pragma once

#include <string>
#include <vector>

#include "sim/machine/machine.h"
#include "sim/memory/graph.h"

namespace sim {

// An event by its context and its number there; index 0: what was there at the beginning.
struct event_name {
    uint8_t context = 0;
    uint32_t index = 0;
    bool operator==(const event_name&) const = default;
};

struct graph_step {
    uint8_t context = 0;
    bool pinned = false;  // was put before something: nothing takes it away again
    bool moved = false;   // was put behind what it reads: it is taken away only if that stays
    bool fresh = true;    // what it could be put before has not been looked at
    bool fixed = false;   // an access that reads this write, or comes behind it:
    event_name at;
    std::basic_string<uint8_t> alternatives;  // of data choices in it
    uint32_t event = initial_event;
};

inline constexpr uint32_t no_reversals_max = ~0U;

class graph_search final : public strategy {
  public:
    // Each graph comes from another in which one thing is other: a read takes an older write, a write comes before
    // another, something is put before what it was behind. At most so many in a row.
    explicit graph_search(uint32_t reversals_max = no_reversals_max)
        : reversals_max_(reversals_max) {}

    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    void restart() override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool gives_up_spins() const override { return true; }
    void time_passes() override;
    void end(execution_end how) override;
    [[nodiscard]] bool in_vain() const override { return in_vain_; }

    // Interrupts, and awaits on a CPU that contexts share: not in every order.
    [[nodiscard]] bool may_have_missed() const override { return may_have_missed_; }
    // Something was left out since there were too many reversals.
    [[nodiscard]] bool bound_mattered() const { return bound_mattered_; }
    // Beginnings that came to nothing, until now.
    [[nodiscard]] uint64_t given_up() const { return given_up_; }

  private:
    using steps = std::vector<graph_step>;
    // What a new event is put before, and what stays: what was before that, and the prefix of the new one.
    struct revisit {
        uint32_t first;
        const prefix_clock& prefix;
        uint32_t self;  // the new event, if it has been performed
        [[nodiscard]] bool keeps(uint32_t event) const {
            return event < first || graph.is_before(event, prefix);
        }
    };

    void leave(steps&& beginning);
    void leave_with(graph_step&& last);
    uint8_t give_up();
    [[nodiscard]] bool learn_last();
    void look_back(graph_step& s, bool is_new);
    void revisit_reads(const graph_step& s, uint32_t location, const prefix_clock& prefix,
                       uint32_t first_place, uint32_t last_place);
    void add_revisit(const graph_step& s, const revisit& r, uint32_t place);
    void revisit_uses(const context& c);
    void revisit_use(const context& c, const uint64_t* others, unsigned n, uint32_t use,
                     const prefix_clock& prefix);
    void look_back_of_blocked();
    [[nodiscard]] bool all_maximal(const revisit& r) const;
    [[nodiscard]] bool is_maximal(const graph_step& s, const revisit& r) const;
    [[nodiscard]] static uint32_t last_before(const graph_event& e, uint32_t number,
                                              const revisit& r);
    [[nodiscard]] steps kept(const revisit& r) const;

    std::vector<std::pair<steps, uint32_t>> left_;  // to be done, with reversals
    uint32_t reversals_max_;
    uint32_t reversals_ = 0;  // of the execution that runs
    bool bound_mattered_ = false;
    bool may_have_missed_ = false;
    steps steps_;         // of the execution that runs
    size_t planned_ = 0;  // of these were given
    size_t at_ = 0;       // have been chosen
    bool first_ = true;
    bool in_vain_ = false;
    size_t alternatives_at_ = 0;  // of the step that runs
    uint64_t given_up_ = 0;
};

}  // namespace sim
