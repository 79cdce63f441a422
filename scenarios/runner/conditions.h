// conditions.h - whether what a script expects is true of the execution that has just ended.
// Source:  design section 6, Observables and Conditions.
// Shapes:  a finished execution is looked at once; conditions are then evaluated on what was seen.
// Locks:   none; host code.
// Errors:  words that the model does not know are found when the script is resolved (resolve.h).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "scenarios/lang/script.h"
#include "scenarios/runner/stage.h"
#include "sim/machine/machine.h"

namespace scenario {

// A condition over what its atoms are.
bool evaluate(const condition& c, const std::function<bool(const atom&)>& atom_holds);

// The words of an observable as the model takes them: `key(ST).inp` is "key ST .inp".
std::string query_of(const std::vector<word>& words);
// Whether what an observable is compared with is another one: `route X == route linear X`.
bool is_query(const atom& a);

// Everything that atoms can ask about one execution.
class final_look {
  public:
    final_look(const script& s, stage& on) : script_(s), stage_(on) {}

    // After an execution. If it is done, `after` runs and the model is asked; otherwise only what
    // the machine knows is there.
    void take(sim::simulation& machine, sim::execution_end end);

    // Before the race: whether it holds now.
    bool holds_now(sim::simulation& machine, const condition& c);
    // What it asks the model for, and is told: "arp 10.0.1.9 is none, refs em1 is 3".
    [[nodiscard]] std::string told(const condition& c) const;

    // While an execution runs, on the stack of the context that has just stopped: whether an atom about a
    // table, or an observable, holds now.
    bool holds_midway(const atom& a);

    [[nodiscard]] bool holds(const condition& c) const;
    [[nodiscard]] bool atom_holds(const atom& a) const;
    [[nodiscard]] bool finished() const { return finished_; }
    // Bug kinds of this execution as the language writes them: "use-after-free".
    [[nodiscard]] bool has_bug(const std::string& kind) const;
    // Why a condition is as it is: "packet 1: dropped noroute, arp 10.0.1.9 is none".
    [[nodiscard]] std::string summary(const condition& c) const;

  private:
    struct frame {
        std::vector<uint8_t> bytes;
        unsigned packet = 0;
    };
    struct router_state {
        std::map<std::string, std::vector<frame>> wires;
        std::map<std::string, long> refs;
        std::map<std::string, bool> exists;
        std::map<std::string, std::string> observed;  // by query
    };
    void ask(const condition& c);
    void ask_atom(const atom& a);
    void read_wire(int router, const std::string& ifname);
    void read_log();
    void read_fates();
    long sum(long (*observer)(int, const char*), const std::string& name) const;
    [[nodiscard]] bool bug_holds(const atom& a) const;
    [[nodiscard]] bool fate_holds(const atom& a) const;
    [[nodiscard]] unsigned long count_sent(const atom& a) const;
    [[nodiscard]] bool blocked_holds(const atom& a) const;
    [[nodiscard]] bool observable_holds(const atom& a) const;
    [[nodiscard]] bool got_holds(const atom& a) const;
    [[nodiscard]] std::string told_of(const atom& a) const;
    void observe(int router, const std::string& query);
    void observe_midway(int router, const std::string& query);
    [[nodiscard]] const std::string& observed(int router, const std::string& query) const;
    [[nodiscard]] int router_for(const atom& a) const;
    [[nodiscard]] std::string exists_query(const atom& a) const;

    const script& script_;
    stage& stage_;
    bool finished_ = false;
    std::map<int, router_state> routers_;
    // Of all routers together: the language does not say of which.
    std::map<std::string, long> counters_;
    std::map<std::string, long> live_;
    std::vector<std::string> log_;
    std::map<unsigned, std::string> fates_;
};

std::string bug_word(sim::finding_kind kind);  // "use-after-free"

}  // namespace scenario
