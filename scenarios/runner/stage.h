// stage.h - a script put on the machine: routers set up, contexts ready, everything observed.
// Source:  design section 4, Life of an execution; section 6.
// Shapes:  one a process. Packets are numbered from 1 in the order of the script. What contexts do is
//          made ready beforehand: an abandoned execution drops its stacks, so that nothing on them
//          may own memory of the host.
// Locks:   none; host code, except the bodies, which run as contexts.
// Errors:  set-up that fails is the user's text: rendered diagnostics.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/lang/operations.h"
#include "scenarios/lang/script.h"
#include "scenarios/runner/model_interface.h"
#include "sim/simulation.h"

namespace scenario {

// When a labelled statement began and ended in this execution; 0: it did not. Numbers order the
// begins and ends of all statements.
struct label_times {
    uint32_t start = 0;
    uint32_t done = 0;
};

// One statement, ready to run.
struct action {
    enum class kind : uint8_t { command, inject, advance, check, may_fire } what = kind::command;
    int router = 0;
    std::string line;       // command; may_fire: the timer
    std::string interface;  // inject
    std::vector<uint8_t> frame;
    std::optional<unsigned> queue;  // of the interface's receive rings; none: processed at once
    unsigned packet = 0;
    bool may_be_lost = false;  // on the wire, before anybody sees it
    uint64_t nanoseconds = 0;  // advance
    condition expected;        // check
    std::string label;
    label_times* times = nullptr;  // of a statement with a label
    const statement* source = nullptr;
};

class stage {
  public:
    explicit stage(const script& s) : script_(s) {}

    // Routers, topology, `before`; then the contexts of the race and the snapshot. What `before`
    // expects is judged by `holds`: whether it does, and what was told of it.
    struct judgement {
        bool holds = true;
        std::string told;
    };
    using judge = std::function<judgement(const condition&)>;
    [[nodiscard]] bool set_up(sim::simulation& machine, const judge& holds, std::string& error);
    // To be called before each execution and each final look.
    void forget();
    // What statements have done so far belongs to a snapshot of the machine; and as it was then.
    void keep(unsigned level);
    void go_back(unsigned level);

    [[nodiscard]] const model_interface& model() const { return model_; }
    [[nodiscard]] int router_of(const interface_ref& i) const { return router_named(i.router); }
    [[nodiscard]] int router_named(const word& name) const;
    [[nodiscard]] unsigned packet_named(const std::string& name) const;
    [[nodiscard]] unsigned packet_count() const { return next_packet_ - 1; }
    [[nodiscard]] int router_of_packet(unsigned packet) const {
        return packet_routers_[packet - 1];
    }
    [[nodiscard]] int router_count() const { return static_cast<int>(routers_.size()); }
    [[nodiscard]] const label_times& times_of(const std::string& label) const {
        return times_.at(label);
    }
    [[nodiscard]] bool has_labels() const { return !times_.empty(); }
    [[nodiscard]] const std::vector<action>& after() const { return after_; }
    // Runs one action in the calling context; the tool's exit status.
    int perform(const action& a);
    // The packet was lost on the wire in this execution.
    [[nodiscard]] bool was_lost(unsigned packet) const;
    // What the last command printed.
    [[nodiscard]] const std::string& last_output() const { return output_; }

  private:
    int inject(const action& a);
    bool make_routers(sim::simulation& machine, std::string& error);
    // Contexts from `first` on are those of that router.
    void name_services(const router& of, unsigned first);
    bool place_services(sim::simulation& machine, std::string& error);
    // What the script lets go wrong beside the schedule.
    void allow_faults(sim::simulation& machine);
    void prepare_all();
    void prepare_timers();
    [[nodiscard]] sim::context_body body_of(const context& c, const std::vector<action>& list);
    [[nodiscard]] sim::context_body body_of_timer(const action& a, unsigned processor);
    void prepare(const statement& line, const word& router, std::vector<action>& to);
    [[nodiscard]] unsigned processor_of(const cpu_ref& cpu) const;
    bool run_checked(sim::simulation& machine, const std::vector<action>& list, const judge& holds,
                     std::string& error);

    const script& script_;
    model_interface model_;
    std::map<std::string, int> routers_;
    std::vector<std::vector<action>> topology_;  // by router
    std::vector<action> before_;
    std::vector<std::vector<action>> contexts_;  // by context of the script
    std::vector<action> timers_;                 // that may fire, each a context of its own
    std::vector<action> after_;
    std::map<std::string, unsigned> packets_;
    std::vector<int> packet_routers_;  // by number - 1
    std::map<std::string, label_times> times_;
    hardware_addresses hardware_;
    unsigned next_packet_ = 1;
    struct kept_times {
        std::map<std::string, label_times> times;
        uint32_t clock = 0;
    };
    std::vector<kept_times> kept_;  // by level
    uint32_t clock_ = 0;            // of label_times
    uint32_t clock_at_snapshot_ = 0;
    std::string output_;
};

}  // namespace scenario
