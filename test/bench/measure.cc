#include "test/bench/measure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/context/detail/fcontext.hpp>

#include <algorithm>
#include <cfenv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "sim/explore/explorer.h"

namespace bench {

double raw_ns = 1;

namespace {

using boost::context::detail::fcontext_t;
using boost::context::detail::jump_fcontext;
using boost::context::detail::make_fcontext;

constexpr size_t repetitions = 5;

double middle(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void bounce(boost::context::detail::transfer_t t) {
    for (;;) {
        t = jump_fcontext(t.fctx, nullptr);
    }
}

// Round robin over 64 fibers, as many contexts as a simulation can have.
double bounce_ns() {
    constexpr int fibers = 64;
    constexpr long rounds = 200000;
    constexpr size_t stack = 16384;
    std::vector<char> stacks(fibers * stack);
    std::vector<fcontext_t> contexts;
    const double begin = processor_seconds();
    // Reading the clock raises a flag; a switch that changes the flags costs fifteen others.
    std::feclearexcept(FE_ALL_EXCEPT);
    for (int i = 0; i < fibers; ++i) {
        contexts.push_back(make_fcontext(stacks.data() + (i + 1) * stack, stack, bounce));
    }
    for (long round = 0; round < rounds; ++round) {
        for (fcontext_t& c : contexts) {
            c = jump_fcontext(c, nullptr).fctx;
        }
    }
    return (processor_seconds() - begin) * 1e9 / (2.0 * fibers * rounds);
}

double seconds_of(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

// Replaces the process, silently.
[[noreturn]] void become(const std::vector<std::string>& words) {
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) {
        arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
}

}  // namespace

void cannot_measure(const std::string& why) {
    std::fflush(stdout);
    fmt::print(stderr, "this row could not be measured: {}\n", why);
    std::fflush(stderr);
    _exit(1);
}

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::vector<double> in_child(size_t count, const std::function<std::vector<double>()>& body) {
    std::fflush(stdout);
    int ends[2];
    if (pipe(ends) != 0) {
        cannot_measure("no pipe");
    }
    const auto size = static_cast<ssize_t>(count * sizeof(double));
    const pid_t child = fork();
    if (child == 0) {
        const std::vector<double> values = body();
        _exit(values.size() == count && write(ends[1], values.data(), size) == size ? 0 : 1);
    }
    close(ends[1]);
    std::vector<double> values(count);
    const bool whole = read(ends[0], values.data(), size) == size;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!whole || status != 0) {
        cannot_measure("its process failed");
    }
    return values;
}

double median(const std::function<double()>& body) {
    std::vector<double> values(repetitions);
    for (double& value : values) {
        value = in_child(1, [&] { return std::vector<double>{body()}; })[0];
    }
    return middle(values);
}

double measure_raw_ns() {
    return median(bounce_ns);
}

command_cost run_command(const std::vector<std::string>& words, size_t times) {
    std::vector<double> processor;
    std::vector<double> wall;
    double mib = 0;
    for (size_t i = 0; i < times; ++i) {
        std::fflush(stdout);
        const auto begin = std::chrono::steady_clock::now();
        const pid_t child = fork();
        if (child == 0) {
            become(words);
        }
        int status = 0;
        rusage usage{};
        wait4(child, &status, 0, &usage);
        const auto end = std::chrono::steady_clock::now();
        if (status != 0) {
            cannot_measure(words[0] + " failed");
        }
        processor.push_back(seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
        wall.push_back(std::chrono::duration<double>(end - begin).count());
        mib = std::max(mib, static_cast<double>(usage.ru_maxrss) / 1024);
    }
    return {middle(processor), *std::min_element(wall.begin(), wall.end()), mib};
}

std::string subject(const std::string& name) {
    return std::string(HEDDLE_SUBJECT_DIR) + "/" + name + ".g++.so";
}

void load(sim::simulation& machine, const std::string& name) {
    std::string error;
    if (!machine.load(subject(name), error)) {
        cannot_measure(error);
    }
    machine.set_contexts({sim::program_main({name})});
    machine.take_snapshot();
}

sim::simulation_options options(bool checkers) {
    sim::simulation_options o;
    o.checks = checkers ? uint32_t{sim::check_all} : 0;
    return o;
}

cost run(const std::string& name, sim::strategy& s, bool checkers, uint64_t executions) {
    sim::simulation machine(options(checkers));
    load(machine, name);
    sim::explore_limits limits;
    limits.executions_max = executions / 20;
    sim::explore(machine, s, limits);  // warm
    limits.executions_max = executions;
    const double begin = processor_seconds();
    const sim::explore_result r = sim::explore(machine, s, limits);
    const double seconds = processor_seconds() - begin;
    if (r.executions + r.pruned != executions) {
        cannot_measure(name + " was explored in fewer executions");
    }
    return {seconds, r.executions, r.steps};
}

void title(const std::string& text) {
    fmt::print("\n-- {}\n", text);
}

std::string judged(const std::string& goal, bool met) {
    return fmt::format("goal {}: {}", goal, met ? "met" : "NOT MET");
}

void row(const std::string& what, const std::string& with, double ns, const std::string& rate,
         double most) {
    const double switches = ns / raw_ns;
    const std::string goal =
        most == 0 ? "" : judged(fmt::format("{:.0f} switches", most), switches <= most);
    fmt::print("{:<46} {:<13} {:>10.1f} ns {:>8.1f} x switch  {:<21} {}\n", what, with, ns,
               switches, rate, goal);
}

std::string per_second(double ns, const char* unit) {
    const double rate = 1e9 / ns;
    return rate >= 1e6 ? fmt::format("{:.2f} M {}/s", rate / 1e6, unit)
                       : fmt::format("{:.1f} k {}/s", rate / 1e3, unit);
}

}  // namespace bench
