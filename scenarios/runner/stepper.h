// stepper.h - an execution that somebody decides choice by choice, forwards and back.
// Source:  design section 4: choices name an execution, so that going back is running again with fewer.
// Shapes:  each move is one execution from the snapshot; it is given up where the next choice is open.
// Locks:   none; in the process that has the subject.
// Errors:  moves that cannot be made say why and change nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "scenarios/runner/token_case.h"
#include "scenarios/runner/token_drift.h"

namespace scenario {

enum class step_question : uint8_t {
    context,  // who performs the next step
    data,     // which alternative: which waiter wakes, heddle_choose
    nothing   // the execution is over
};

enum class step_standing : uint8_t { can_go_on, waits_for_cpu, blocked, ended };

// A context at a point.
struct step_context {
    uint8_t id = 0;
    std::string name;
    uint32_t cpu = 0;
    step_standing standing = step_standing::ended;
    std::string kind;       // of the operation that it is about to do
    std::string object;     // of that
    std::string waits_for;  // blocked: "first, held by t1"
    std::vector<sim::trace_frame> stack;
};

// What is to be decided, and everything that led to it.
struct step_state {
    step_question asks = step_question::nothing;
    uint32_t step = 0;          // so many were performed
    uint8_t usual = 0;          // the answer if nobody says otherwise: a context or an alternative
    uint32_t alternatives = 0;  // data
    uint8_t chooser = 0;        // data: the context that asks
    sim::execution_end end = sim::execution_end::pruned;  // nothing: why it is over
    std::vector<step_context> contexts;
    sim::trace trace;
};

class stepper {
  public:
    explicit stepper(const token_source& source) : source_(source), subject_(source) {}

    // The choices of the token become the usual ones. `drift`: what of it could not be followed.
    [[nodiscard]] bool set_up(token_drift& drift, std::string& error);
    [[nodiscard]] const step_state& state() const { return state_; }
    [[nodiscard]] size_t choices() const { return made_.size(); }

    // The answer to what the state asks: a context that can go on, or an alternative.
    void take(uint8_t answer);
    // So many usual steps; a data choice before that is asked.
    void forward(uint64_t steps);
    // Usual choices of both kinds, to the end.
    void finish();
    // Takes back so many choices, all if there are not so many.
    void back(uint64_t choices);
    // Usual steps, or steps of the context `only` alone, until one of the points is reached; a data
    // choice before it is asked. False, and nothing is changed, if none ever is.
    [[nodiscard]] bool run_until(std::optional<uint8_t> only, const std::vector<point>& until);
    // It alone, for as long as it can go on.
    void run_alone(uint8_t only);

    // What was chosen, and after that the default rule.
    [[nodiscard]] std::string token();
    // The same as a block of the language; "" with the reason if it has no words for it.
    [[nodiscard]] std::string schedule(const std::string& name, std::string& why);

  private:
    struct moves {
        uint64_t steps = 0;
        std::optional<uint8_t> only;
        bool picks = false;  // data choices are made, too
    };
    class leader;
    void go(const moves& how);
    void keep_steps(uint32_t steps);

    const token_source& source_;
    token_case subject_;
    sim::recorded_choices guide_;  // of the token
    sim::recorded_choices made_;
    step_state state_;
};

}  // namespace scenario
