#include "scenarios/runner/unit_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/runner/budget.h"
#include "scenarios/runner/checkpoint.h"
#include "scenarios/runner/child.h"
#include "sim/explore/exploration.h"
#include "sim/explore/workers.h"

namespace scenario {

namespace {

// Executions that one process does before others are asked to help: most programs need no more.
constexpr uint64_t alone_first = 256;
// After this part of the executions that are allowed it is asked whether all are in reach. A guess at their
// number is too small as a rule (sim/explore/estimate.h); where it may be too large, a proof is not to be missed.
constexpr uint64_t trial_part = 50;
constexpr uint64_t trial_min = 1000;
constexpr double out_of_reach_factor = 10;
constexpr uint64_t look_every = 256;  // executions between two words to the observer

class runner {
  public:
    runner(sim::simulation& machine, const explore_request& request,
           const sim::explore_limits& limits, const unit_subject& subject, pace& speed,
           const progress_observer& observer)
        : machine_(machine),
          request_(request),
          limits_(limits),
          subject_(subject),
          speed_(speed),
          budget_(request, speed),
          observer_(observer) {}

    unit_run run() {
        all_.by_graphs = subject_.style.by_graphs;
        if (!request_.resume.empty() && !take_up()) {
            return std::move(run_);
        }
        explore();
        run_.result = all_.result;
        run_.bound_mattered = all_.bound_mattered;
        if (all_.may_have_missed) {
            run_.notes.emplace_back(graphs_missed);
        }
        run_.share_done = all_.share_done();
        run_.enough = enough_;
        run_.out_of_reach = out_of_reach_;
        if (!all_.result.complete && !enough_ && !out_of_reach_) {
            leave_checkpoint();
        }
        return std::move(run_);
    }

  private:
    // What an earlier exploration has left.
    bool take_up() {
        std::string state;
        if (!read_checkpoint(request_.resume, subject_.about, state, run_.error)) {
            return false;
        }
        sim::byte_reader from(state);
        const std::string explored = from.get_text();
        const std::string judged = from.get_text();
        sim::byte_reader exploration(explored);
        if (!from.whole() || !all_.read(exploration) || !all_.tell_machine() ||
            (subject_.style.judge != nullptr && !subject_.style.judge->take_in(judged))) {
            run_.error = request_.resume + ": is damaged: it holds no exploration";
            return false;
        }
        return true;
    }

    void explore() {
        const unsigned jobs = std::max(subject_.jobs, 1U);
        alone_ = true;
        sim::explore_limits alone = limits_;
        if (jobs > 1) {
            const uint64_t first = subject_.may_give_up ? trial() + 1 : alone_first;
            alone.executions_max = std::min(limits_.executions_max, all_.executions() + first);
        }
        base_ = all_.executions();
        enough_ = sim::explore_rest(
            machine_, all_, alone,
            [this](const sim::strategy& s) {
                ++done_;
                if (subject_.looks_on) {
                    subject_.looks_on(s.in_vain() ? sim::execution_end::pruned : sim::g.end);
                }
                findings_ += sim::g.findings.empty() ? 0 : 1;
                return more(base_ + done_, s.share_done(), {});
            },
            subject_.style);
        const bool found = limits_.stop_at_first && !all_.result.found.empty();
        if (jobs == 1 || !budget_.why().empty() || found || enough_ || out_of_reach_ ||
            all_.done()) {
            return;
        }
        alone_ = false;
        sim::worker_options options;
        options.workers = jobs;
        options.style = subject_.style;
        options.stopping = [] { return stop_requested(); };
        options.more = [this](const std::vector<pid_t>& workers) {
            findings_ = all_.result.found.size();
            return more(all_.executions(), all_.share_done(), workers);
        };
        const std::string problem = sim::explore_in_workers(machine_, all_, limits_, options);
        if (!problem.empty()) {
            run_.lost = true;
            run_.notes.push_back(problem);
        }
    }

    [[nodiscard]] uint64_t trial() const {
        return std::max(limits_.executions_max / trial_part, trial_min);
    }

    // Asked once in a round, by the one process: so the answer does not depend on how many there are.
    [[nodiscard]] bool is_out_of_reach(uint64_t executions, double share) const {
        const uint64_t of_round = executions - all_.result.earlier;
        return subject_.may_give_up && alone_ && of_round == trial() && share > 0 &&
               static_cast<double>(of_round) / share >
                   out_of_reach_factor * static_cast<double>(limits_.executions_max);
    }

    // Whether to go on, asked after each execution, or of workers now and then.
    bool more(uint64_t executions, double share, const std::vector<pid_t>& workers) {
        if (is_out_of_reach(executions, share)) {
            out_of_reach_ = true;
            return false;
        }
        if (alone_ ? budget_.spent() : budget_.spent_by(workers)) {
            return false;
        }
        const bool tells = observer_ && (!alone_ || ++done_since_told_ % look_every == 0);
        return !tells || observer_(speed_.at(executions, findings_, -1, share));
    }

    // Where it can go on from: asked for, or the way to stop says that more is wanted.
    void leave_checkpoint() {
        const bool stopped = !budget_.why().empty();
        if (stopped) {
            run_.notes.push_back(budget_.why());
        }
        std::string path = request_.checkpoint;
        if (path.empty()) {
            path = !request_.resume.empty() ? request_.resume
                   : stopped                ? subject_.name + ".checkpoint"
                                            : "";
        }
        if (path.empty()) {
            return;
        }
        sim::byte_writer explored;
        all_.write(explored);
        sim::byte_writer state;
        state.put_text(explored.bytes());
        state.put_text(subject_.style.judge != nullptr ? subject_.style.judge->all() : "");
        std::string error;
        if (write_checkpoint(path, subject_.about, state.bytes(), error)) {
            run_.notes.push_back(fmt::format(
                "what is left is in {0}: {1}--resume {0} goes on with it", path, subject_.option));
        } else {
            run_.notes.push_back(error);
        }
    }

    sim::simulation& machine_;
    const explore_request& request_;
    const sim::explore_limits& limits_;
    const unit_subject& subject_;
    pace& speed_;
    budget budget_;
    const progress_observer& observer_;
    sim::exploration all_;
    uint64_t base_ = 0;
    uint64_t done_ = 0;
    uint64_t done_since_told_ = 0;
    uint64_t findings_ = 0;
    bool alone_ = true;
    bool enough_ = false;
    bool out_of_reach_ = false;
    unit_run run_;
};

}  // namespace

unit_run run_in_units(sim::simulation& machine, const explore_request& request,
                      const sim::explore_limits& limits, const unit_subject& subject, pace& speed,
                      const progress_observer& observer) {
    return runner(machine, request, limits, subject, speed, observer).run();
}

std::string checked_options(const explore_request& request) {
    const std::string how = request.memory.empty() ? "optimal"
                                                   : fmt::format("{} {}", request.memory,
                                                                 request.reversals.value_or(~0U));
    return fmt::format("{} {:x} {} {} {} {} {} {} {} {}", how, request.checks,
                       request.plain_dependence, request.deep, request.steps_max,
                       request.failed_allocations, request.spurious_wakeups, request.reused_blocks,
                       request.early_timers, request.lost_packets);
}

}  // namespace scenario
