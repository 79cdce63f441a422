// scripted.h - one schedule as a person wrote it: run this context until that point.
// Source:  design section 6, Points; ecosystem.md 1.3 for the semantics: a context that ends or blocks
//          before its point makes the schedule infeasible, never passed.
// Shapes:  names are contexts', functions' and objects' as reports print them. A clause that begins
//          where one before it has stopped the same context does not count that place again.
// Locks:   none.
// Errors:  infeasible() says which clause, and where the context was instead.
#pragma once

#include <string>
#include <vector>

#include "sim/explore/points.h"

namespace sim {

struct script_clause {
    std::string context;
    std::vector<size_t> until;  // any of these points of the set
    int line = 0;               // where it stands, for reports
};

class scripted_strategy final : public strategy {
  public:
    // After the last clause `tail` goes on, or the default rule if there is none.
    scripted_strategy(std::vector<script_clause> clauses, point_set& points, strategy* tail);
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool wants_operations() const override { return true; }
    void restart() override {
        if (tail_ != nullptr) {
            tail_->restart();
        }
    }
    void end(execution_end why) override;

    [[nodiscard]] bool infeasible() const { return !problem_.empty(); }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] int problem_line() const { return problem_line_; }

  private:
    void enter_clause(const script_clause& c);
    bool reached(const script_clause& c, const choice_view& view);
    bool holds(size_t point, uint32_t& seen, const choice_view& view) const;
    void give_up(const script_clause& c, const std::string& where);

    std::vector<script_clause> clauses_;
    point_set& points_;
    strategy* tail_;
    size_t clause_ = 0;
    bool entered_clause_ = false;
    bool moved_ = false;    // the context has moved on since a clause stopped it
    uint64_t unmoved_ = 0;  // contexts that stand where a clause stopped them
    uint32_t steps_in_clause_ = 0;
    std::vector<uint32_t> seen_;       // per point of the clause: how often it came up
    unsigned subject_ = contexts_max;  // context of the clause
    std::string problem_;
    int problem_line_ = 0;
};

}  // namespace sim
