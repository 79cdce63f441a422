// simulation.h - the front door: a subject, loaded, set up once, run as often as wanted.
// Source:  design section 4, Life of an execution.
// Shapes:  one simulation a process: the subject lives at fixed addresses.
// Locks:   none; one OS thread.
// Errors:  load says what is wrong with the file; everything later is an execution_end and findings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/machine/machine.h"
#include "sim/machine/memory.h"
#include "sim/trace/trace.h"

namespace sim {

// The context that runs alone, before and after the race; it is on no CPU of the race.
inline constexpr const char* alone_name = "setup";

struct simulation_options {
    uint32_t checks = check_all;  // which checkers look
    bool deep = false;            // open sections
    bool compare = false;         // compare all memory after each restore
    bool wrong_results = false;   // updates whose result is said to be unused return another
    machine_limits limits;
};

// What runs as one context of the race. `body` is host code that calls into the subject.
struct context_body {
    std::string name;
    unsigned cpu = 0;
    std::function<void()> body;
    bool bound = true;             // to that CPU; else it has one of its own, whatever its number
    unsigned interrupt_level = 0;  // 1 to 7: an interrupt of that CPU (machine/interrupts.h)
};

class simulation {
  public:
    explicit simulation(const simulation_options& options = {});

    // Before the snapshot; the options keep everything else.
    void set_limits(const machine_limits& limits);
    [[nodiscard]] bool load(const std::string& path, std::string& error);

    // Runs code of the subject alone, contexts that it starts included, until all are done or wait.
    // Before the snapshot it is part of set-up; afterwards, of the current execution. False with the
    // findings in g.findings if it failed.
    bool run_alone(const std::function<void()>& body);

    // A service of the subject, which exists already, runs on that CPU of the race; false: there is none of this name.
    // Before the snapshot.
    [[nodiscard]] bool place_service(const std::string& name, unsigned cpu);

    // The contexts of the race; then the snapshot from which every execution starts.
    void set_contexts(std::vector<context_body> bodies);
    void take_snapshot();

    // One execution. Findings are in g.findings until the next one.
    execution_end run(strategy& s);
    // What comes after the race: leaks and invariants of the subject. Adds findings.
    void final_checks();
    void set_options(const simulation_options& options);
    [[nodiscard]] const simulation_options& options() const { return options_; }

  private:
    void place_services();
    void start_bodies();
    void run_from(unsigned level, strategy& announce);
    void watch_the_end();

    unsigned alone_ = contexts_max;  // the context that run_alone uses
    simulation_options options_;
    std::vector<context_body> bodies_;
};

// The contexts of an ordinary program: its main, with these arguments.
context_body program_main(const std::vector<std::string>& arguments);

// Calls a function of the subject from a context's host body.
template <typename Result, typename... Arguments>
Result call_subject(uint64_t function, Arguments... arguments) {
    bool was = g.in_subject;
    g.in_subject = true;
    if constexpr (std::is_void_v<Result>) {
        reinterpret_cast<void (*)(Arguments...)>(function)(arguments...);
        g.in_subject = was;
    } else {
        Result r = reinterpret_cast<Result (*)(Arguments...)>(function)(arguments...);
        g.in_subject = was;
        return r;
    }
}

}  // namespace sim
