#include "test/memory/enumerate.h"

#include <algorithm>
#include <functional>
#include <set>

namespace sim::test {

namespace {

model_event event_of(size_t thread, const litmus_op& op, const litmus_step& step) {
    model_event e;
    e.thread = static_cast<int>(thread);
    e.location = op.kind == litmus_kind::fence ? -1 : op.location;
    e.reads = step.reads;
    e.writes = step.writes;
    e.order = op.kind == litmus_kind::cas && !step.writes ? op.failure : op.order;
    const bool strong = op.kind != litmus_kind::load && op.order == litmus_order::seq_cst;
    e.drains = is_update(op) || is_lock(op) || strong;  // an update that fails drains, too
    return e;
}

// All that the reads can take. Program order and reads-from have no cycle if and only if the operations
// can be performed in some order in which each read takes a write that is already there; the order itself
// does not matter, so each state is looked at once. Complete: all have ended, or wait for mutexes for good, or
// may do so for values: that depends on coherence.
class read_choices {
  public:
    read_choices(const litmus_program& program, std::function<void(const litmus_run&)> complete)
        : program_(program), complete_(std::move(complete)) {}

    void run() { go_on(litmus_run(program_)); }

  private:
    void go_on(const litmus_run& run) {
        if (!seen_.insert(run.key()).second) {
            return;
        }
        bool stuck = true;
        for (size_t t = 0; t < program_.size(); ++t) {
            if (run.next(t) < 0) {
                continue;
            }
            const bool awaits = run.op(t, run.next(t)).kind == litmus_kind::await;
            for (write_name source : run.sources(t)) {
                stuck = stuck && awaits;
                litmus_run after = run;
                after.perform(t, source);
                go_on(after);
            }
        }
        if (stuck) {
            complete_(run);
        }
    }

    const litmus_program& program_;
    std::function<void(const litmus_run&)> complete_;
    std::set<std::string> seen_;
};

// Nobody waits for the value that a word has in the end.
bool waits_are_for_good(const litmus_run& run, const coherence& co) {
    for (size_t t = 0; t < run.threads(); ++t) {
        if (run.next(t) < 0 || run.op(t, run.next(t)).kind != litmus_kind::await) {
            continue;
        }
        const litmus_op& op = run.op(t, run.next(t));
        const std::vector<write_name>& writes = co[static_cast<size_t>(op.location)];
        if ((writes.empty() ? 0 : run.step_of(writes.back()).written) == op.value) {
            return false;
        }
    }
    return true;
}

// All orders of the writes to each word from the `location`-th on.
void each_coherence(coherence& co, size_t location, const std::function<void()>& found) {
    if (location == litmus_words_max) {
        found();
        return;
    }
    std::sort(co[location].begin(), co[location].end());
    do {
        each_coherence(co, location + 1, found);
    } while (std::next_permutation(co[location].begin(), co[location].end()));
}

// Makes the graph that the axioms see: initial writes first, by location, then the threads one behind the
// other.
class graph_maker {
  public:
    graph_maker(const litmus_run& run, updates as) : run_(run), as_(as) {
        for (size_t location = 0; location < litmus_locations_max; ++location) {
            model_event e;
            e.location = static_cast<int>(location);
            e.writes = true;
            events_.push_back(e);
        }
        for (size_t t = 0; t < run.threads(); ++t) {
            for (const litmus_step& s : run.steps(t)) {
                add(litmus_run::name(t, s.op), event_of(t, run.op(t, s.op), s));
            }
        }
    }

    model_graph make(const coherence& co) {
        model_graph graph(events_);
        graph.po = relation::pairs(events_.size(), [&](size_t a, size_t b) {
            return events_[a].thread < 0 ? events_[b].thread >= 0
                                         : events_[a].thread == events_[b].thread && a < b;
        });
        add_reads(graph);
        for (size_t location = 0; location < co.size(); ++location) {
            for (size_t i = 0; i < co[location].size(); ++i) {
                graph.co.add(location, write_.at(co[location][i]));
                for (size_t k = i + 1; k < co[location].size(); ++k) {
                    graph.co.add(write_.at(co[location][i]), write_.at(co[location][k]));
                }
            }
        }
        return graph;
    }

  private:
    void add(write_name name, model_event e) {
        read_[name] = write_[name] = events_.size();
        if (as_ == updates::one_event || !e.reads || !e.writes) {
            events_.push_back(e);
            return;
        }
        // Each half has what of the order concerns it.
        model_event write = e;
        e.writes = write.reads = false;
        if (e.order != litmus_order::seq_cst) {
            e.order = acquires(e.order) ? litmus_order::acquire : litmus_order::relaxed;
            write.order = releases(write.order) ? litmus_order::release : litmus_order::relaxed;
        }
        events_.push_back(e);
        write_[name] = events_.size();
        events_.push_back(write);
    }

    void add_reads(model_graph& graph) const {
        for (size_t t = 0; t < run_.threads(); ++t) {
            for (const litmus_step& s : run_.steps(t)) {
                const write_name name = litmus_run::name(t, s.op);
                const auto location = static_cast<size_t>(run_.op(t, s.op).location);
                if (s.reads) {
                    graph.rf.add(s.source == initial_write ? location : write_.at(s.source),
                                 read_.at(name));
                }
                if (s.reads && s.writes) {
                    graph.rmw.add(read_.at(name), write_.at(name));
                }
            }
        }
    }

    const litmus_run& run_;
    updates as_;
    std::vector<model_event> events_;
    std::map<write_name, size_t> read_;  // events of operations
    std::map<write_name, size_t> write_;
};

}  // namespace

allowed_graphs enumerate(const litmus_program& program, updates as) {
    allowed_graphs all;
    read_choices choices(program, [&](const litmus_run& run) {
        coherence co(litmus_locations_max);
        for (size_t location = 0; location < co.size(); ++location) {
            const int number = static_cast<int>(location);
            co[location] =
                location < litmus_words_max ? run.writes_to(number) : run.uses_of(number);
        }
        graph_maker maker(run, as);
        each_coherence(co, 0, [&] {
            ++all.candidates;
            if (!waits_are_for_good(run, co)) {
                return;
            }
            const model_graph g = maker.make(co);
            const auto add_if = [&](bool allowed, litmus_graphs& to) {
                if (allowed) {
                    to[graph_text(run, co)] = run.outcome();
                }
            };
            add_if(allowed_by_sc(g), all.sc);
            add_if(allowed_by_tso(g), all.tso);
            add_if(allowed_by_rc11(g), all.rc11);
        });
    });
    choices.run();
    return all;
}

}  // namespace sim::test
