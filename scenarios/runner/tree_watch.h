// tree_watch.h - keeps the tree of an exploration, and makes a picture of it.
// Source:  sim/trace/choice_tree.h, viz/tree.h.
// Shapes:  one an exploration, in the process that explores. Only the last round is kept: when locations become visible,
//          all begins anew.
// Locks:   none.
// Errors:  misfit(): why there would be no tree.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/runner/race.h"
#include "scenarios/runner/strategy_choice.h"
#include "sim/check/finding.h"
#include "sim/explore/explorer.h"
#include "sim/trace/choice_tree.h"

namespace scenario {

// Why an exploration of this kind has no tree to draw, with what to do instead; "" if it has.
std::string misfit_of_tree(const std::string& kind, const explore_request& request);

class tree_watch {
  public:
    // After each execution.
    void see(sim::execution_end end);

    struct subject {
        std::string name;
        // Before each execution that is run again.
        std::function<void()> before;
        std::function<std::string(const sim::recorded_choices&)> token_of;
    };
    // Graphviz text. Runs again what it shows.
    std::string picture(sim::simulation& machine, const subject& s, const strategy_choice& by,
                        const sim::explore_result& result, uint64_t boxes_max) const;
    [[nodiscard]] const sim::choice_tree& tree() const { return tree_; }

  private:
    int32_t number_of(const sim::finding& f);

    sim::choice_tree tree_;
    uint32_t visible_ = 0;  // locations, in this round
    std::vector<sim::finding> found_;
};

}  // namespace scenario
