// measure.h - how the benchmarks measure and print.
// Source:  ours.
// Shapes:  processor time, since the machine may be shared. Costs stand beside the raw Boost.Context switch of the
//          same run; goals are given for a switch of 5.3 ns and scaled to it.
// Locks:   none; host code.
// Errors:  a row that cannot be measured ends the run with status 1: a figure that is none must not stand
//          beside the others.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/simulation.h"

namespace bench {

inline constexpr double switch_of_goals_ns = 5.3;

// Of this run; set first.
extern double raw_ns;
double measure_raw_ns();

// A time that is a goal at a switch of 5.3 ns, here.
inline double scaled(double time) {
    return time * raw_ns / switch_of_goals_ns;
}

double processor_seconds();

// Numbers computed in a child: a subject has fixed addresses, one a process.
std::vector<double> in_child(size_t count, const std::function<std::vector<double>()>& body);
// The median of five, each in a child.
double median(const std::function<double()>& body);

// A command from its start to its end; its talk is dropped.
struct command_cost {
    double processor_seconds;  // the median, with its children
    double wall_seconds;       // the quickest: the others also measure who else was busy
    double mib;                // peak of a process
};
command_cost run_command(const std::vector<std::string>& words, size_t times = 5);

// The file of a subject of this folder.
std::string subject(const std::string& name);
// Loads a program into the process and takes its snapshot.
void load(sim::simulation& machine, const std::string& name);
// Checkers on or off.
sim::simulation_options options(bool checkers);

struct cost {
    double seconds;
    uint64_t executions;
    uint64_t steps;
};
// Runs so many executions of a program under a strategy, after a twentieth of them to get warm.
cost run(const std::string& name, sim::strategy& s, bool checkers, uint64_t executions);

[[noreturn]] void cannot_measure(const std::string& why);

// ---- printing

void title(const std::string& text);
// A cost of `ns`. `most`: at most so many switches; 0: no goal.
void row(const std::string& what, const std::string& with, double ns, const std::string& rate,
         double most);
// "goal TEXT: met".
std::string judged(const std::string& goal, bool met);
std::string per_second(double ns, const char* unit);

}  // namespace bench
