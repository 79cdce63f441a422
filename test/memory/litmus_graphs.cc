#include "test/memory/litmus_graphs.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
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
    return address >= first && address < first + litmus_words_max * sizeof(int)
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

// The mutex that an event takes or gives back, by its address; 0: none.
uint64_t mutex_of(const sim::graph_event& e) {
    if (e.kind != op_kind::lock && e.kind != op_kind::unlock) {
        return 0;
    }
    const auto first = reinterpret_cast<uint64_t>(subject_data("mutex"));
    for (unsigned i = 0; i < e.links; ++i) {
        if (e.link[i].object - first < litmus_mutexes_max * sizeof(pthread_mutex_t)) {
            return e.link[i].object;
        }
    }
    return 0;
}

// The location of an operation of the program; -1: it is none.
int location_of(const sim::graph_event& e) {
    const uint64_t mutex = mutex_of(e);
    if (mutex == 0) {
        return word_of(e.location);
    }
    const auto first = reinterpret_cast<uint64_t>(subject_data("mutex"));
    return static_cast<int>(litmus_words_max + (mutex - first) / sizeof(pthread_mutex_t));
}

// The use of a mutex before this one.
uint32_t use_before(uint64_t mutex, uint32_t event) {
    const std::vector<uint32_t>& uses = graph.uses_of(mutex);
    const auto at = std::find(uses.begin(), uses.end(), event);
    return at == uses.begin() || at == uses.end() ? initial_event : *(at - 1);
}

coherence seen_coherence(const std::map<uint32_t, write_name>& names,
                         const std::set<uint32_t>& locations) {
    coherence co(litmus_locations_max);
    const auto first = reinterpret_cast<uint64_t>(subject_data("mutex"));
    for (size_t i = 0; i < litmus_mutexes_max; ++i) {
        for (uint32_t event : graph.uses_of(first + i * sizeof(pthread_mutex_t))) {
            co[litmus_words_max + i].push_back(names.at(event));
        }
    }
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
    for (size_t i = 0; i < litmus_words_max; ++i) {
        const int wanted = co[i].empty() ? 0 : run.step_of(co[i].back()).written;
        if (last[i] != wanted) {
            text += fmt::format(", but main saw {} in {}", last[i], name_of_location(i));
        }
    }
    return text;
}

// An await that has met another value than the one it waits for.
bool waits_for_good(const litmus_run& run, size_t thread, write_name met) {
    const std::vector<write_name> sources = run.sources(thread);
    return std::find(sources.begin(), sources.end(), met) == sources.end();
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
        const int location = location_of(e);
        if (location < 0 || (looks_last && e.context < first_thread)) {
            continue;
        }
        const size_t thread = e.context - first_thread;
        if (thread >= program.size()) {
            return fmt::format("an access by context {}", e.context);
        }
        perform_fences(run, thread);
        const int op = run.next(thread);
        if (op < 0 || run.op(thread, op).location != location) {
            return fmt::format("event {} is no operation of thread {}", i, thread);
        }
        const uint64_t mutex = mutex_of(e);
        const uint32_t from = mutex != 0 ? use_before(mutex, i) : e.from;
        if (e.kind == op_kind::await && waits_for_good(run, thread, names.at(from))) {
            continue;
        }
        const litmus_step& s = run.perform(thread, names.at(from));
        if (mutex == 0 && (s.reads != e.reads || s.writes != e.writes)) {
            return fmt::format("event {} is another operation than {}", i,
                               text_of(run.op(thread, op)));
        }
        names[i] = litmus_run::name(thread, op);
        if (mutex == 0) {
            locations.insert(e.location);
        }
    }
    for (size_t t = 0; t < program.size(); ++t) {
        perform_fences(run, t);
    }
    const coherence co = seen_coherence(names, locations);
    const std::string outcome = seen_outcome(program) + (run.done() ? "" : stuck_text);
    return graph_text(run, co) + " => " + run.outcome() +
           (outcome == run.outcome() ? "" : ", but the subject saw " + outcome) +
           (looks_last && run.done() ? unless_main_saw(run, co) : "");
}

}  // namespace

std::string explored_graphs(const litmus_program& program, memory_model model,
                            const subject_options& options) {
    chosen_memory = model;
    graph_search s;
    return explored_texts(program, s, options,
                          [&](execution_end) { return seen_graph(program, options.looks_last); });
}

std::string graphs_text(const litmus_graphs& graphs) {
    seen_texts all;
    for (const auto& [graph_and_order, outcome] : graphs) {
        all[graph_and_order + " => " + outcome] = 1;
    }
    return lines_of(all);
}

}  // namespace sim::test
