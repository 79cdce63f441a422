// step_session.h - what is typed at a point of an execution, done.
// Source:  scenarios/runner/stepper.h.
// Shapes:  a line a command; points and results are data, everything else is talk.
// Locks:   none; in the process that has the subject.
// Errors:  a line that means nothing, or cannot be done, is told with near matches and changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/command/terminal.h"
#include "scenarios/runner/stepper.h"

namespace scenario {

struct step_output {
    std::function<void(const std::string&)> data;
    std::function<void(const std::string&)> talk;
    bool json = false;
    bool quiet = false;
    look how;
};

class step_session {
  public:
    step_session(stepper& of, const token_source& source, step_output to)
        : stepper_(of), source_(source), to_(std::move(to)) {}

    // Shows the first point.
    void begin();
    // False: no more is wanted.
    bool obey(const std::string& line);
    // No more comes.
    void end();
    // "main": what an empty line takes; "" if there is nothing to take.
    [[nodiscard]] std::string usual() const;
    // Lines that could not be obeyed.
    [[nodiscard]] unsigned refused() const { return refused_; }

  private:
    using words = std::vector<std::string>;
    struct order;
    static const std::vector<order>& orders();
    void refuse(const std::string& why);
    void show(uint32_t since);
    [[nodiscard]] bool is_over();
    [[nodiscard]] bool take_count(const words& w, uint64_t& count);
    [[nodiscard]] const step_context* context_called(const std::string& word);
    [[nodiscard]] bool can_go_on(const step_context& c);

    void choose(const words& w);
    void next(const words& w);
    void run(const words& w);
    void until(const words& w);
    void go_until(const step_context* only, const words& points);
    void finish(const words& w);
    void back(const words& w);
    void list(const words& w);
    void where(const words& w);
    void state(const words& w);
    void print(const words& w);
    void save(const words& w);
    void help(const words& w);
    [[nodiscard]] std::string choices_text();

    stepper& stepper_;
    const token_source& source_;
    step_output to_;
    unsigned refused_ = 0;
};

}  // namespace scenario
