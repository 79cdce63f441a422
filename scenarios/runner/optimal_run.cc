#include "scenarios/runner/optimal_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "scenarios/runner/checkpoint.h"
#include "scenarios/runner/child.h"
#include "sim/explore/exploration.h"
#include "sim/explore/workers.h"

namespace scenario {

namespace {

// Executions that one process does before others are asked to help: most programs need no more.
constexpr uint64_t alone_first = 256;
constexpr uint64_t look_every = 256;  // executions between two looks at the clock and at memory

uint64_t memory_used_mib() {
    uint64_t all = 0;
    uint64_t resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) >> 20;
}

class runner {
  public:
    runner(sim::simulation& machine, const explore_request& request,
           const sim::explore_limits& limits, pace& speed, const progress_observer& observer)
        : machine_(machine),
          request_(request),
          limits_(limits),
          speed_(speed),
          observer_(observer) {}

    optimal_run run(const std::string& name, const std::string& about) {
        std::string state;
        if (!request_.resume.empty()) {
            if (!read_checkpoint(request_.resume, about, state, run_.error)) {
                return std::move(run_);
            }
            sim::byte_reader from(state);
            if (!all_.read(from) || !sim::add_context_paths(all_.contexts)) {
                run_.error = request_.resume + ": is damaged: it holds no exploration";
                return std::move(run_);
            }
        }
        explore();
        run_.result = all_.result;
        run_.share_done = all_.tree.share_done();
        run_.shared_cpus = all_.shared_cpus;
        if (!all_.result.complete && !all_.shared_cpus) {
            leave_checkpoint(name, about);
        }
        return std::move(run_);
    }

  private:
    void explore() {
        const unsigned jobs = std::max(request_.jobs, 1U);
        sim::explore_limits alone = limits_;
        if (jobs > 1) {
            alone.executions_max =
                std::min(limits_.executions_max, all_.executions() + alone_first);
        }
        base_ = all_.executions();
        sim::explore_rest(machine_, all_, alone, [this](const sim::optimal_strategy& s) {
            ++done_;
            findings_ += sim::g.findings.empty() ? 0 : 1;
            return more(base_ + done_, s.share_done());
        });
        const bool found = limits_.stop_at_first && !all_.result.found.empty();
        if (jobs == 1 || stopped_ || found || all_.shared_cpus || all_.tree.done()) {
            return;
        }
        sim::worker_options options;
        options.workers = jobs;
        options.stopping = [] { return stop_requested(); };
        options.more = [this] {
            findings_ = all_.result.found.size();
            return more(all_.executions(), all_.tree.share_done());
        };
        const std::string problem = sim::explore_in_workers(machine_, all_, limits_, options);
        if (!problem.empty()) {
            run_.lost = true;
            run_.notes.push_back(problem);
        }
    }

    // Whether to go on, asked after each execution.
    bool more(uint64_t executions, double share) {
        if (stop_requested()) {
            stopped_ = "interrupted";
            return false;
        }
        if (++asked_ % look_every != 0 && request_.jobs <= 1) {
            return true;
        }
        if (request_.seconds && speed_.seconds() >= static_cast<double>(*request_.seconds)) {
            stopped_ = fmt::format("stopped after {} s, as asked", *request_.seconds);
        } else if (request_.memory_mib && memory_used_mib() >= *request_.memory_mib) {
            stopped_ = fmt::format("stopped at {} MiB of memory, as asked", *request_.memory_mib);
        }
        if (stopped_) {
            return false;
        }
        return !observer_ || observer_(speed_.at(executions, findings_, -1, share));
    }

    // Where it can go on from: asked for, or the way to stop says that more is wanted.
    void leave_checkpoint(const std::string& name, const std::string& about) {
        if (stopped_) {
            run_.notes.push_back(*stopped_);
        }
        std::string path = request_.checkpoint;
        if (path.empty()) {
            path = !request_.resume.empty() ? request_.resume
                   : stopped_               ? name + ".checkpoint"
                                            : "";
        }
        if (path.empty()) {
            return;
        }
        sim::byte_writer state;
        all_.write(state);
        std::string error;
        if (write_checkpoint(path, about, state.bytes(), error)) {
            run_.notes.push_back(
                fmt::format("what is left is in {0}: --resume {0} goes on with it", path));
        } else {
            run_.notes.push_back(error);
        }
    }

    sim::simulation& machine_;
    const explore_request& request_;
    const sim::explore_limits& limits_;
    pace& speed_;
    const progress_observer& observer_;
    sim::exploration all_;
    uint64_t base_ = 0;
    uint64_t done_ = 0;
    uint64_t asked_ = 0;
    uint64_t findings_ = 0;
    std::optional<std::string> stopped_;
    optimal_run run_;
};

}  // namespace

optimal_run run_optimal(sim::simulation& machine, const explore_request& request,
                        const sim::explore_limits& limits, const std::string& name,
                        const std::string& about, pace& speed, const progress_observer& observer) {
    return runner(machine, request, limits, speed, observer).run(name, about);
}

}  // namespace scenario
