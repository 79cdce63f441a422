#include "test/memory/litmus_graphs.h"

#include <fmt/format.h>

#include <set>

#include "sim/explore/graph_search.h"

namespace sim::test {

namespace {

// The location of one of the machine's; -1: no word of the program.
int word_of(uint32_t location) {
    if (location == no_location) {
        return -1;
    }
    const uint64_t first = reinterpret_cast<uint64_t>(subject_data("word"));
    const uint64_t address = graph.location(location).address;
    return address >= first && address < first + litmus_locations_max * sizeof(int)
               ? static_cast<int>((address - first) / sizeof(int))
               : -1;
}

// Fences have no part in reads-from: they are performed when their thread comes to them.
void perform_fences(litmus_run& run, size_t thread) {
    for (int next;
         (next = run.next(thread)) >= 0 && run.op(thread, next).kind == litmus_kind::fence;) {
        run.perform(thread, initial_write);
    }
}

coherence seen_coherence(const std::map<uint32_t, write_name>& names,
                         const std::set<uint32_t>& locations) {
    coherence co(litmus_locations_max);
    for (uint32_t location : locations) {
        for (const graph_write& w : graph.location(location).writes) {
            if (w.event != initial_event) {
                co[static_cast<size_t>(word_of(location))].push_back(names.at(w.event));
            }
        }
    }
    return co;
}

// Who has joined all threads sees the last write to each word.
std::string unless_main_saw(const litmus_run& run, const coherence& co) {
    std::string text;
    const int* last = subject_data("last");
    for (size_t i = 0; i < co.size(); ++i) {
        const int wanted = co[i].empty() ? 0 : run.step_of(co[i].back()).written;
        if (last[i] != wanted) {
            text += fmt::format(", but main saw {} in {}", last[i], "xyz"[i]);
        }
    }
    return text;
}

constexpr uint8_t first_thread = 1;  // main is before them

// The machine's graph in the words of the enumerator: its events, in an order in which reads come after what
// they take, are performed once more.
std::string seen_graph(const litmus_program& program, bool looks_last) {
    litmus_run run(program);
    std::map<uint32_t, write_name> names = {{initial_event, initial_write}};
    std::set<uint32_t> locations;
    for (uint32_t i = 0; i < graph.size(); ++i) {
        const auto& e = graph.event(i);
        if (word_of(e.location) < 0 || (looks_last && e.context < first_thread)) {
            continue;
        }
        const size_t thread = e.context - first_thread;
        if (thread >= program.size()) {
            return fmt::format("an access by context {}", e.context);
        }
        perform_fences(run, thread);
        const int op = run.next(thread);
        if (op < 0 || run.op(thread, op).location != word_of(e.location)) {
            return fmt::format("event {} is no operation of thread {}", i, thread);
        }
        const litmus_step& s = run.perform(thread, e.reads ? names.at(e.from) : initial_write);
        if (s.reads != e.reads || s.writes != e.writes) {
            return fmt::format("event {} is another operation than {}", i,
                               text_of(run.op(thread, op)));
        }
        names[i] = litmus_run::name(thread, op);
        locations.insert(e.location);
    }
    for (size_t t = 0; t < program.size(); ++t) {
        perform_fences(run, t);
    }
    const coherence co = seen_coherence(names, locations);
    const std::string outcome = seen_outcome(program);
    return graph_text(run, co) + " => " + run.outcome() +
           (run.done() ? "" : ", which has not ended") +
           (outcome == run.outcome() ? "" : ", but the subject saw " + outcome) +
           (looks_last && run.done() ? unless_main_saw(run, co) : "");
}

}  // namespace

std::string explored_graphs(const litmus_program& program, memory_model model,
                            const subject_options& options) {
    chosen_memory = model;
    graph_search s;
    return explored_texts(program, s, options,
                          [&] { return seen_graph(program, options.looks_last); });
}

std::string graphs_text(const litmus_graphs& graphs) {
    seen_texts all;
    for (const auto& [graph_and_order, outcome] : graphs) {
        all[graph_and_order + " => " + outcome] = 1;
    }
    return lines_of(all);
}

}  // namespace sim::test
