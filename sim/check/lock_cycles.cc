// Cycles in the order of locks, at the end of an exploration.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/check/lock_order.h"

namespace sim {

namespace {

constexpr size_t cycle_length_max = 6;
constexpr size_t cycles_max = 64;

// One way in which a lock is wanted with another held.
struct taking {
    std::string from;
    std::string to;
    bool holds_shared;
    bool wants_shared;
    bool behind_writers;  // readers of the wanted one wait behind a writer that waits
    std::string context;
    std::vector<std::string> guards;
    std::string held_calls;
    std::string wanted_calls;
};

struct lock_graph {
    std::map<std::string, std::map<std::string, std::vector<taking>>> edges;
    std::set<std::string> written;  // classes that somebody wants exclusively
    std::vector<std::set<std::string>> deadlocks;
};

lock_graph graph_of(const lessons& learned) {
    lock_graph graph;
    for (const auto& [key, witness] : learned) {
        const std::vector<std::string> k = split(key, '\t');
        if (k[0] == "writer") {
            graph.written.insert(k[1]);
        } else if (k[0] == "deadlock") {
            graph.deadlocks.emplace_back(k.begin() + 1, k.end());
        } else if (k[0] == "edge") {
            const std::vector<std::string> calls = split(witness, '\t');
            graph.edges[k[1]][k[2]].push_back(
                {k[1], k[2], k[3][0] == 's', k[3][1] == 's', k[3][2] == 'w', k[4],
                 k[5].empty() ? std::vector<std::string>() : split(k[5], '|'), calls[0], calls[1]});
        }
    }
    return graph;
}

std::string class_of_node(const std::string& node) {
    return node.substr(0, node.find(" ("));
}

// Whether who wants `a.to` may wait for who holds it as `b` does.
bool waits_for(const lock_graph& graph, const taking& a, const taking& b) {
    return !a.wants_shared || !b.holds_shared ||
           (a.behind_writers && graph.written.count(class_of_node(a.to)) != 0);
}

bool have_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const std::string& one) {
        return std::find(b.begin(), b.end(), one) != b.end();
    });
}

// Different contexts, no guard in common, each waits for the next.
bool may_deadlock(const lock_graph& graph, const std::vector<const taking*>& chosen) {
    for (size_t i = 0; i < chosen.size(); ++i) {
        if (!waits_for(graph, *chosen[i], *chosen[(i + 1) % chosen.size()])) {
            return false;
        }
        for (size_t k = i + 1; k < chosen.size(); ++k) {
            if (chosen[i]->context == chosen[k]->context ||
                have_common(chosen[i]->guards, chosen[k]->guards)) {
                return false;
            }
        }
    }
    return true;
}

// Completes `chosen` by a taking for each edge of the way, if some combination may deadlock.
bool choose(const lock_graph& graph, const std::vector<std::string>& way,
            std::vector<const taking*>& chosen) {
    const size_t i = chosen.size();
    if (i == way.size()) {
        return may_deadlock(graph, chosen);
    }
    for (const taking& t : graph.edges.at(way[i]).at(way[(i + 1) % way.size()])) {
        chosen.push_back(&t);
        if (choose(graph, way, chosen)) {
            return true;
        }
        chosen.pop_back();
    }
    return false;
}

class cycle_search {
  public:
    cycle_search(const lock_graph& graph, bool complete) : graph_(graph), complete_(complete) {}

    std::vector<lock_cycle> run() {
        // Short ones first: what contains one says nothing new.
        for (size_t length = 1; length <= cycle_length_max; ++length) {
            for (const auto& [node, to] : graph_.edges) {
                way_ = {node};
                extend(length);
            }
        }
        return std::move(found_);
    }

  private:
    void extend(size_t length) {
        const auto next = graph_.edges.find(way_.back());
        if (next == graph_.edges.end() || found_.size() == cycles_max) {
            return;
        }
        if (way_.size() == length) {
            if (next->second.count(way_[0]) != 0) {
                keep();
            }
            return;
        }
        for (const auto& [node, takings] : next->second) {
            // A cycle begins with its least node.
            if (node > way_[0] && std::find(way_.begin(), way_.end(), node) == way_.end()) {
                way_.push_back(node);
                extend(length);
                way_.pop_back();
            }
        }
    }

    void keep() {
        const std::set<std::string> nodes(way_.begin(), way_.end());
        for (const std::set<std::string>& known : kept_) {
            if (std::includes(nodes.begin(), nodes.end(), known.begin(), known.end())) {
                return;
            }
        }
        std::vector<const taking*> chosen;
        if (choose(graph_, way_, chosen)) {
            kept_.push_back(nodes);
            found_.push_back(cycle_of(chosen));
        }
    }

    [[nodiscard]] bool is_witnessed(const std::vector<const taking*>& chosen) const {
        return std::any_of(
            graph_.deadlocks.begin(), graph_.deadlocks.end(), [&](const auto& waits) {
                return std::all_of(chosen.begin(), chosen.end(), [&](const taking* t) {
                    return waits.count(t->from + ">" + t->to) != 0;
                });
            });
    }

    [[nodiscard]] lock_cycle cycle_of(const std::vector<const taking*>& chosen) const {
        lock_cycle cycle;
        cycle.state = is_witnessed(chosen) ? cycle_state::witnessed
                      : complete_          ? cycle_state::refuted
                                           : cycle_state::open;
        for (const taking* t : chosen) {
            cycle.name += t->from + " -> ";
            cycle.text += fmt::format(
                "{}{} wants {}{}{}, with {} held, which it took{}{}",
                cycle.text.empty() ? "" : "; ", t->context, t->to,
                t->wants_shared ? " for reading" : "", place_of_calls(t->wanted_calls), t->from,
                t->holds_shared ? " for reading" : "", place_of_calls(t->held_calls));
        }
        if (chosen.size() == 1 && chosen[0]->wants_shared) {
            cycle.text +=
                "; a writer that comes in between waits for the first and keeps the second out";
        }
        cycle.name += chosen[0]->from;
        cycle.where = where_of_calls(chosen[0]->wanted_calls);
        return cycle;
    }

    const lock_graph& graph_;
    bool complete_;
    std::vector<std::string> way_;
    std::vector<std::set<std::string>> kept_;
    std::vector<lock_cycle> found_;
};

}  // namespace

std::vector<lock_cycle> lock_cycles(const lessons& learned, bool complete) {
    const lock_graph graph = graph_of(learned);
    return cycle_search(graph, complete).run();
}

}  // namespace sim
