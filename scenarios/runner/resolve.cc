#include "scenarios/runner/resolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "scenarios/lang/address.h"
#include "scenarios/lang/names.h"
#include "scenarios/lang/walk.h"
#include "scenarios/runner/script_points.h"
#include "sim/explore/sampler.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

// The patches in a folder, sorted; with or without ".patch".
std::vector<std::string> patches_in(const std::string& folder, bool as_files) {
    std::vector<std::string> there;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".patch") {
            there.push_back((as_files ? entry.path().filename() : entry.path().stem()).string());
        }
    }
    std::sort(there.begin(), there.end());
    return there;
}

// What may be asked at the release of a lock: what it guards, all of it and nothing else.
struct guarded {
    std::string_view lock;
    std::string_view says;  // the words, as they are to be read
    [[nodiscard]] bool covers(std::string_view what) const {
        return what.size() > 2 && says.find(what) != std::string_view::npos;
    }
};
constexpr guarded guards[] = {
    {"conf_lock", "ifconfig, route and arp"},
    {"pf_inp_mtx", "key"},
};

const guarded* guarded_or_null(std::string_view lock) {
    const auto* at = std::find_if(std::begin(guards), std::end(guards),
                                  [&](const guarded& g) { return g.lock == lock; });
    return at == std::end(guards) ? nullptr : at;
}

// Of an interface of the model (em_rx_queues of model/net/em_ring.h).
constexpr uint32_t receive_queues = 4;

class resolver {
  public:
    resolver(const script& s, const std::string& folder, const sim::symbols& subject)
        : script_(s), folder_(folder), subject_(subject) {}

    std::vector<diagnostic> run() {
        check_world();
        check_places_of_expectations();
        for (const outside_name& n : outside_names(script_)) {
            look_up(n);
        }
        for_each_statement(script_, [this](const statement& line, const word&) {
            if (const auto* e = std::get_if<expectation>(&line.action); e != nullptr) {
                check_condition(e->holds, clause_kind::final_state);
            }
        });
        for (const expect_block& block : script_.expects) {
            for (const expect_clause& clause : block.clauses) {
                check_clause(clause);
            }
        }
        const schedule* exploring = exploring_schedule_or_null(script_);
        for (const schedule& s : script_.schedules) {
            check_schedule(s);
            if (s.explore && &s != exploring) {
                add(s.explore->strategy.at, "a second schedule that explores",
                    "one explores, '" + exploring->name.text +
                        "'; put this one into a file of its own");
            }
        }
        return errors_;
    }

  private:
    void add(const span& at, const std::string& message, const std::string& hint = "") {
        errors_.push_back(script_.texts.at(at, message, hint));
    }

    // ---- What the model and the machine of today have

    // Alone, before the race, an expectation can be judged where it stands.
    void check_statement(const statement& line) {
        if (std::holds_alternative<expectation>(line.action) ||
            std::holds_alternative<packet_expectation>(line.action)) {
            add(line.at, "what is expected stands in `before` or in an expect block",
                "expect fixed { final (...) }");
        }
    }

    void check_places_of_expectations() {
        for (const context& c : script_.contexts) {
            for (const statement& line : c.statements) {
                check_statement(line);
            }
        }
        for (const statement& line : script_.after) {
            check_statement(line);
        }
    }

    void check_world() {
        for (const link& l : script_.links) {
            add(l.left.name.at, "routers cannot be linked yet: the model has no wires between them",
                "inject on the second router what the first one sends");
        }
        for (const variant& r : script_.regimes) {
            if (r.patches.empty() && !fs::exists(known_regime_patch(r.name.text))) {
                const std::string near =
                    did_you_mean(r.name.text, patches_in(HEDDLE_REGIMES, false));
                add(r.name.at, "nobody knows a regime '" + r.name.text + "'",
                    near.empty() ? "regime " + r.name.text + " { patch FILE }" : near);
            }
        }
        for_each_statement(script_, [this](const statement& line, const word&) {
            const auto* in = std::get_if<injection>(&line.action);
            if (in != nullptr && in->queue && *in->queue >= receive_queues) {
                add(in->interface.name.at,
                    fmt::format("{} has no queue {}", in->interface.name.text, *in->queue),
                    fmt::format("interfaces of the model have queue 0 to {}", receive_queues - 1));
            }
        });
    }

    // ---- Names of the subject

    void look_up(const outside_name& n) {
        if (n.kind == outside_kind::function) {
            look_up_function(n.name);
        }
        if (n.kind == outside_kind::patch && !fs::exists(fs::path(folder_) / n.name.text)) {
            add(n.name.at, fmt::format("there is no patch '{}' beside the scenario", n.name.text),
                did_you_mean(n.name.text, patches_in(folder_, true)));
        }
    }

    void look_up_function(const word& name) {
        std::vector<const sim::function_symbol*> found = subject_.functions_named(name.text);
        if (found.empty()) {
            add(name.at, fmt::format("the model has no function '{}'", name.text),
                did_you_mean(name.text, subject_.near_matches(name.text)));
            return;
        }
        bool hooked = false;
        for (const sim::function_symbol* f : found) {
            hooked |= subject_.has_entry_hook(*f);
        }
        if (!hooked) {
            add(name.at,
                fmt::format("entering '{}' cannot be seen: it touches no memory and calls "
                            "nothing",
                            name.text),
                "name the function that calls it");
        }
    }

    // ---- Conditions

    void check_clause(const expect_clause& clause) {
        if (clause.kind == clause_kind::always) {
            check_always(clause);
        }
        check_condition(clause.holds, clause.kind);
    }

    // Between two releases of a lock others may have changed what it does not guard: such a condition
    // would be judged on one of several equivalent interleavings.
    void check_always(const expect_clause& clause) {
        const guarded* lock = guarded_or_null(clause.when_free.text);
        if (clause.when_free.empty()) {
            add(clause.at, "always needs the lock that guards what it asks for",
                "always (...) when free conf_lock");
        } else if (lock == nullptr) {
            std::string known;
            for (const guarded& g : guards) {
                known += (known.empty() ? "" : "; ") + std::string(g.lock) + " guards " +
                         std::string(g.says);
            }
            add(clause.when_free.at,
                "nothing that can be asked is guarded by '" + clause.when_free.text + "' yet",
                known);
        }
        for_each_atom(clause.holds, [&](const atom& a) {
            const std::string& what =
                a.kind == atom_kind::observable ? a.words[0].text : a.subject.text;
            const bool table = a.kind == atom_kind::exists || a.kind == atom_kind::observable;
            if (lock != nullptr && !(table && lock->covers(what))) {
                add(a.at,
                    "always cannot ask this: " + std::string(lock->lock) + " does not guard it",
                    std::string(lock->lock) + " guards " + std::string(lock->says));
            }
        });
    }

    void check_reach(const atom& a) {
        if (a.kind != atom_kind::in_function && a.kind != atom_kind::blocked &&
            a.kind != atom_kind::event && a.kind != atom_kind::before) {
            add(a.at, "reach cannot ask this: it is known when an execution is over",
                "T in F, T blocked on X, done L, start L; exists (...)");
        }
    }

    void check_condition(const condition& c, clause_kind kind) {
        for_each_atom(c, [&](const atom& a) { check_atom(a, kind); });
    }

    void check_atom(const atom& a, clause_kind kind) {
        if (kind == clause_kind::reach) {
            check_reach(a);
            return;
        }
        if (a.kind == atom_kind::in_function) {
            add(a.at, "where a context is can be asked while it runs only", "reach (T in F)");
        }
    }

    // ---- Schedules

    void check_point(const point& p, const word& context) {
        bool of_label = p.kind == point_kind::before || p.kind == point_kind::after ||
                        (p.kind == point_kind::done && !p.name.empty());
        if (of_label) {
            check_label(p, context);
        }
        if (p.device.name.empty() && p.object.empty()) {
            return;
        }
        const span& at = p.device.name.empty() ? p.object.at : p.device.name.at;
        if (p.kind != point_kind::enter && p.kind != point_kind::leave) {
            add(at, "dev and obj narrow enter and leave",
                "name the object: lock X, in F touches X, blocked on X");
        } else if (!p.device.name.empty() && !p.object.empty()) {
            add(p.object.at, "either dev or obj: one argument is looked for");
        } else {
            bool could = false;
            for (const sim::function_symbol* f : subject_.functions_named(p.name.text)) {
                could |= subject_.takes_pointers(*f);
            }
            if (!could) {
                add(at,
                    fmt::format("'{}' is not given an object: none of its parameters points to "
                                "anything",
                                p.name.text),
                    "name a function that is, or nth N");
            }
        }
    }

    void check_label(const point& p, const word& context) {
        for (const scenario::context& c : script_.contexts) {
            for (const statement& line : c.statements) {
                if (label_of(line) == p.name.text && c.name.text == context.text) {
                    return;
                }
            }
        }
        add(p.name.at, fmt::format("'{}' is no statement of {}", p.name.text, context.text),
            "a context stops at its own statements");
    }

    // In an order both are places: whether a context is blocked depends on who ran before.
    void check_place(const point& p, const word& context) {
        if (p.kind == point_kind::blocked || p.kind == point_kind::steps) {
            add(p.at, "an order is between places in the code or the script",
                "done, before L, after L, enter F, leave F, lock X, unlock X, in F touches X, "
                "window W");
        }
        check_point(p, context);
    }

    void check_schedule(const schedule& s) {
        for (const run_clause& run : s.runs) {
            for (const point& p : run.until) {
                check_point(p, run.context);
            }
        }
        for (const order_clause& order : s.orders) {
            check_place(order.first, order.first_context);
            check_place(order.second, order.second_context);
            if (order.first_context.text == order.second_context.text) {
                add(order.second_context.at, "an order is between two contexts");
            }
            if (!s.explore) {
                add(order.first_context.at, "an order is for a schedule that explores",
                    "explore dfs preemptions 3");
            }
        }
        for (const prune_clause& prune : s.prunes) {
            for (const point& p : prune.until) {
                if (p.kind == point_kind::steps) {
                    add(p.at, "steps are counted by run lines only", "run T until steps N");
                }
                check_point(p, prune.context);
            }
            if (!s.explore) {
                add(prune.context.at, "prune is for a schedule that explores",
                    "explore dfs preemptions 3");
            }
        }
        if (s.explore && s.explore->delays && !s.explore->strategy.is("delay")) {
            add(s.explore->strategy.at, "only delay counts delays", "explore delay delays 2");
        }
        if (s.explore && s.explore->depth) {
            if (!s.explore->strategy.is("pct")) {
                add(s.explore->strategy.at, "only pct has a depth", "explore pct depth 3");
            } else if (*s.explore->depth == 0 || *s.explore->depth > sim::pct_depth_max) {
                add(s.explore->strategy.at,
                    fmt::format("the depth of pct is 1 to {}", sim::pct_depth_max), "depth 3");
            }
        }
    }

    const script& script_;
    const std::string& folder_;
    const sim::symbols& subject_;
    std::vector<diagnostic> errors_;
};

}  // namespace

std::string known_regime_patch(const std::string& regime) {
    return (fs::path(HEDDLE_REGIMES) / (regime + ".patch")).string();
}

std::vector<diagnostic> resolve(const script& s, const std::string& folder,
                                const sim::symbols& subject) {
    return resolver(s, folder, subject).run();
}

}  // namespace scenario
