// machine.h - the simulated machine: one global, since hooks must find it without a search.
// Source:  design section 4. Boost.Context switches; the strategy is asked inside the hook of the
//          context that reached a scheduling point, so that a step costs at most one switch.
// Shapes:  contexts are numbered in order of creation; masks have a bit a context.
// Locks:   none: exactly one OS thread runs subject code. Host code between steps must be inside a
//          host_scope if it allocates.
// Errors:  misuse by ourselves is HEDDLE_ASSERT; everything the subject does wrong is a finding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/check/check_bits.h"
#include "sim/check/finding.h"
#include "sim/machine/choices.h"
#include "sim/machine/context.h"

namespace sim {

class symbols;

enum class execution_end : uint8_t {
    running,
    done,        // every context that must finish has finished
    deadlock,    // some context can never go on
    fatal,       // a finding ended it
    pruned,      // the strategy gave it up
    step_bound,  // more steps than allowed
    paused,      // the strategy wants a snapshot here; it goes on after that
    again,       // the same choices once more, with a new place looked at (spin.h)
};

// What a strategy is told at a scheduling point.
struct choice_view {
    uint64_t enabled;         // contexts whose pending operation can be performed; not empty
    const context* contexts;  // pending operations are contexts[i].op
    uint32_t step;            // index of the step to be chosen
    uint8_t current;          // who performed the last step; 0xff at the start
    bool current_enabled;
};

inline constexpr uint8_t choose_stop = 0xff;
inline constexpr uint8_t choose_pause = 0xfe;

// How interleavings are picked: three methods. One file each, in sim/explore.
class strategy {
  public:
    virtual ~strategy() = default;
    // A new execution begins. False: there is nothing left to explore.
    virtual bool begin() = 0;
    // The snapshot that the execution begins with: 0 the root, else one that was made for it.
    virtual unsigned resume_level() { return 0; }
    // The context that performs the next step, choose_stop to give the execution up, or choose_pause to
    // have a snapshot made and be asked again.
    virtual uint8_t choose(const choice_view& view) = 0;
    // One of n alternatives of a data choice (which waiter wakes, heddle_choose).
    virtual uint32_t pick(const choice_view& view, uint32_t n) = 0;
    // Draws, and does not try all: it is not asked for what would be given up at once.
    [[nodiscard]] virtual bool draws() const { return false; }
    // What is visible has changed: everything is explored anew.
    virtual void restart() {}
    // Asked also where only one context is enabled.
    [[nodiscard]] virtual bool wants_forced() const { return false; }
    // Looks at pending operations. If not, a context is started only when it is chosen first.
    [[nodiscard]] virtual bool wants_pending() const { return true; }
    // Wants machine.history filled with the operations performed.
    [[nodiscard]] virtual bool wants_operations() const { return false; }
    // Whoever spins waits for good: the orders in which it looks later come by themselves (spin.h). If
    // not, it goes on when what it has read has changed.
    [[nodiscard]] virtual bool gives_up_spins() const { return false; }
    virtual void snapshot_made(unsigned) {}
    // Nobody can go on; the clock is about to advance to the next deadline. Who waits now could have come
    // before what it waits for, and only by what was until now: time_passed_at is that of the time before.
    virtual void time_passes() {}
    virtual void end(execution_end) {}
    // The choices of the execution that has just ended, in an order that all executions have that differ
    // from it by the order of independent steps alone, and its preemptions. False: they are as they were.
    virtual bool canonical(execution_end, recorded_choices&, uint32_t&) { return false; }
    // After end(): whatever the execution shows, another one does. It does not count.
    [[nodiscard]] virtual bool in_vain() const { return false; }
    // It is at its end, but does not know whether it has seen everything: that is no proof.
    [[nodiscard]] virtual bool may_have_missed() const { return false; }
    // Between two executions: which share of what is to be explored, as far as is known by now, is done
    // (estimate.h); negative if the strategy does not know.
    [[nodiscard]] virtual double share_done() const { return -1; }
};

// A context that had to wait: `reason` of an await, or the object of its operation.
struct block_record {
    const char* reason;
    uint64_t object;
    uint8_t context;
};

struct step_record {
    operation op;
    uint8_t context;
};

// Entries of machine.choices: a context id, or this bit and an alternative.
inline constexpr uint8_t choice_is_data = 0x80;

// A choice that was made before, with what the context was about to do then: it must be so again.
struct planned_choice {
    uint64_t object;
    op_kind kind;
    uint8_t choice;  // as in machine.choices
};

class recorder;  // fills a trace while a schedule is replayed (sim/machine/record.h)

// What may go wrong beside the schedule, each a choice of the explorer, and how often in an execution (faults.h).
enum class fault : uint8_t {
    failed_allocation,
    spurious_wakeup,
    reused_memory,
    early_timer,
    lost_packet,
    count_
};

// Where time may pass though somebody can run, whoever looks at the clock or lets it go on does something to this
// object. No address of a subject.
inline constexpr uint64_t clock_object = 16;

// Time passes so many times in a row for the sake of services alone, while nobody else takes a step. Who waits on waits
// for good.
inline constexpr uint32_t service_rounds_max = 100;

struct machine_limits {
    uint32_t faults[static_cast<size_t>(fault::count_)] = {};  // at most so many; 0: none
    uint32_t steps_max = 100000;
    uint64_t accesses_max = 100'000'000;  // plain accesses between two steps
};

struct machine {
    context host;  // the explorer's own stack; first, since others point into it
    // Hot: touched by every hook.
    context* current = nullptr;           // the context running subject code; null in the host
    bool by_graph = false;                // what a read takes is chosen (sim/memory)
    bool in_subject = false;              // subject code runs: allocations go to the arena
    bool deep = false;                    // sections are opened
    bool wrong_results = false;           // updates whose result nobody uses return another
    call_frame* frame_top = host.frames;  // of the shadow call stack of whoever runs
    call_frame* frame_limit = host.frames + call_depth_max;  // null: look at each entry
    uint32_t checks = 0;
    uint32_t stamp = 1;           // number of the execution: older shadow is void
    uint32_t undo_epoch = 1;      // lines stamped with this are in the undo log already
    uint32_t write_epoch = 1;     // the same, or no epoch at all while every write is looked at
    uint64_t spin_sites = ~0ULL;  // spin.h: hashes of the places whose arrivals are kept
    bool spin_kept = false;       // some arrival is
    bool spin_for_good = false;   // of the policy
    uint64_t watched_accesses = 0;
    uint64_t accesses_left = 0;  // until a step without end is reported
    uint64_t accesses = 0;  // of the steps run since the snapshot that the execution began with
    uint64_t enabled = 0;
    uint64_t live = 0;
    uint64_t sharers = 0;     // contexts that take and give up their CPUs (cpus.h), and interrupts
    uint64_t interrupts = 0;  // those that have begun
    uint64_t interruptible = 0;  // CPUs to which interrupts may come (interrupts.h)
    uint32_t context_count = 0;
    uint32_t clock_width = 4;     // entries of vector clocks that may be other than zero
    uint32_t steps = 0;           // performed in this execution
    uint32_t preemptions = 0;     // of which left a context that could go on
    bool slow_scheduling = true;  // something below wants more than a plain choice
    bool cpus_bound = false;      // it matters who has a CPU
    bool forced_points = false;   // strategy->wants_forced()
    bool keep_operations = false;
    operation* outcome =
        nullptr;  // where the last step belongs once it was performed; null: in history
    bool clock_moves = false;  // time may pass though somebody can run
    bool choosing = false;     // false in set-up: the first enabled context runs on
    // Choices that are given: nobody is asked while there are some.
    const planned_choice* plan = nullptr;
    const planned_choice* plan_end = nullptr;
    // Contexts that have not run yet. They count as enabled; should the first operation of one turn out
    // to be impossible, its choice is taken back.
    uint64_t unstarted = 0;
    bool starts_late = false;   // new contexts are left unstarted
    bool needs_pending = true;  // of the policy
    struct {
        uint32_t preemptions;
        uint8_t last;
        bool planned;
    } before_start;               // what is put back then
    uint32_t time_passed_at = 0;  // steps performed before time last had to pass
    struct {
        uint32_t choices;  // made before
        uint32_t rounds;   // times in a row that it did for services alone
    } time_of_services = {};
    bool others_moved = false;  // in set-up: since then, somebody who is no service
    bool watching_entries = false;
    uint32_t awaiting = 0;  // contexts blocked or pending in an await
    strategy* policy = nullptr;
    void (*watch_window)(const char* name) = nullptr;
    void (*watch_entry)(uint64_t function_pc, bool enter) = nullptr;
    recorder* record = nullptr;
    uint8_t last = 0xff;               // who performed the last step
    uint8_t cpu_holder[contexts_max];  // of the sharers; 0xff: nobody
    execution_end end = execution_end::running;
    uint64_t now_ns = 0;  // virtual monotonic clock
    choice_list choices;
    std::vector<step_record> history;
    std::vector<block_record> blocks;  // of this execution's race
    std::vector<finding> findings;     // of this execution
    machine_limits limits;
    context contexts[contexts_max];
    const symbols* subject = nullptr;
};

extern machine g;

// Calls that a context is in. The one that runs has its top in the machine.
inline uint32_t depth_of(const context& c) {
    bool runs = &c == g.current || (g.current == nullptr && &c == &g.host);
    return runs ? static_cast<uint32_t>(g.frame_top - c.frames) : c.depth;
}
// A place in the innermost function of a context, 0 if there is none.
inline uint64_t innermost_function(const context& c) {
    uint32_t depth = depth_of(c);
    return depth != 0 ? c.frames[depth - 1].function_pc : 0;
}
// Function entries and exits are to be looked at (a recorder, a script), or no longer.
void watch_entries(bool on);

// Host code that allocates while a context is current.
class host_scope {
  public:
    host_scope() : was_(g.in_subject) { g.in_subject = false; }
    ~host_scope() { g.in_subject = was_; }
    host_scope(const host_scope&) = delete;
    host_scope& operator=(const host_scope&) = delete;

  private:
    bool was_;
};

// Our own bug: prints what and the choices so far, and exits with status 4.
[[noreturn]] void internal_error(const char* what, const char* file, int line);
#define HEDDLE_ASSERT(condition) \
    ((condition) ? void(0) : ::sim::internal_error(#condition, __FILE__, __LINE__))

}  // namespace sim
