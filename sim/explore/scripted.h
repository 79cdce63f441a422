// scripted.h - one schedule as a person wrote it: run this context until that point.
// Source:  design section 6, Points; ecosystem.md 1.3 for the semantics: a context that ends or blocks
//          before its point makes the schedule infeasible, never passed.
// Shapes:  names are contexts', functions' and objects' as reports print them.
// Locks:   none.
// Errors:  infeasible() says which clause, and where the context was instead.
#pragma once

#include <string>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

enum class point_kind : uint8_t {
    done, blocked, enter, leave, touches, lock, unlock, window, steps
};

struct script_point {
    point_kind kind = point_kind::done;
    std::string name;     // function, object, window, or what is waited for ("" any)
    std::string object;   // touches, and the narrowing `obj`
    uint32_t count = 1;   // nth, or the number of steps
};

struct script_clause {
    std::string context;
    std::vector<script_point> until;  // any of them
    int line = 0;                     // where it stands, for reports
};

class scripted_strategy final : public strategy {
public:
    // After the last clause `tail` goes on, or the default rule if there is none.
    scripted_strategy(std::vector<script_clause> clauses, strategy* tail);
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    bool wants_forced() const override { return true; }
    bool wants_operations() const override { return true; }
    void end(execution_end why) override;

    bool infeasible() const { return !problem_.empty(); }
    const std::string& problem() const { return problem_; }
    int problem_line() const { return problem_line_; }

    // From the hooks: a function was entered or left, a window passed.
    void passed(point_kind kind, const std::string& name);

private:
    bool reached(const script_clause& c, const choice_view& view);
    bool holds(const script_point& p, uint32_t& seen, const choice_view& view);
    void give_up(const script_clause& c, const char* how);

    std::vector<script_clause> clauses_;
    strategy* tail_;
    size_t clause_ = 0;
    bool entered_clause_ = false;
    uint32_t steps_in_clause_ = 0;
    size_t history_seen_ = 0;
    std::vector<uint32_t> seen_;          // per point of the clause: how often it came up
    std::vector<std::pair<point_kind, std::string>> passed_;
    unsigned subject_ = contexts_max;     // context of the clause
    std::string problem_;
    int problem_line_ = 0;
};

}  // namespace sim
