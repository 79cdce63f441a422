// script.h - a scenario as data: what a `.race` file says, nothing yet looked up in model or sim.
// Shapes:  every name is a word with its place, so that a later pass can report it. Two scripts are
//          equal if they say the same, whatever their layout. Lists keep the order of the file.
// Locks:   none; plain values.
// Errors:  none here. What parse() returns without errors is consistent in itself: every context,
//          schedule, variant, label, packet and interface that is named exists in the script.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/lang/packet.h"
#include "scenarios/lang/source.h"
#include "scenarios/lang/structure.h"

namespace scenario {

// ---- Names ------------------------------------------------------------------------------------

// `em0`, or `r1:em0` where there are several routers.
struct interface_ref {
    word router;  // empty: the only one, or that of the context
    word name;
    bool operator==(const interface_ref&) const = default;
};

// `cpu 1`, `cpu r1:1`.
struct cpu_ref {
    word router;
    uint32_t cpu = 0;
    span at;
    bool operator==(const cpu_ref&) const = default;
};

// `param n 1..3 [value 2]`: the scenario exists once for each value, or for the given one; `$n` stands for it.
struct parameter {
    word name;
    uint64_t first = 0;
    uint64_t last = 0;
    uint64_t value = 0;  // the one that this script was read with
    bool given = false;  // the file says so
    bool operator==(const parameter&) const = default;
};

// ---- Conditions -------------------------------------------------------------------------------

enum class compare_op : uint8_t {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in_range,  // in low..high
    in_set,    // in { a, b }; only of observables
};

// `== 3`, `in 1..2`.
struct comparison {
    compare_op op = compare_op::equal;
    uint64_t low = 0;
    uint64_t high = 0;  // in_range only
    bool operator==(const comparison&) const = default;
};

enum class packet_fate : uint8_t { forwarded, delivered, held, dropped, lost };

// `done A1`, `start A1`: a labelled statement has ended, has begun.
struct label_event {
    bool done = false;
    word label;
    bool operator==(const label_event&) const = default;
};

// What each kind of atom uses of struct atom:
enum class atom_kind : uint8_t {
    bug,          // bug [KIND [OBJECT...] [at FUNCTION]]    subject, words, where
    fate,         // fate P == forwarded IF|delivered S|held|dropped [REASON]|lost
                  //                                         subject, fate, interface or object
    sent,         // IF > P; IF > PACKET                     interface, subject or packet
    count,        // count(IF > PACKET) OP N                 interface, subject or packet, compare
    live,         // live KIND OP N                          subject, compare
    refs,         // refs X OP N                             subject, compare
    stat,         // stat NAME OP N                          subject, compare
    log,          // log "..."                               subject
    blocked,      // T blocked [on CHANNEL]                  subject, object
    in_function,  // T in F                                subject, where
    event,        // done A; start A                         first
    before,       // done A before start B                   first, second
    exists,       // ifconfig IF; route X [on ROUTER]; arp X [on ROUTER]
    //                                         subject (the table), interface or object
    got,        // S got P; S got N                        subject, object
    observable  // key(ST).inp == S; ruleset(P) in {a, b}  words, compare.op, right
};

struct atom {
    atom_kind kind = atom_kind::bug;
    span at;  // its first word
    word subject;
    word object;
    word where;
    std::vector<word> words;  // observable: the left side, as words; bug: of what object
    std::vector<word> right;  // observable: the right side; in_set: the elements
    interface_ref interface;
    std::optional<packet_spec> packet;
    packet_fate fate = packet_fate::held;
    comparison compare;
    label_event first;
    label_event second;
    bool operator==(const atom&) const = default;
};

enum class condition_kind : uint8_t { atom, negation, conjunction, disjunction, implication };

// A tree: `not` has one part, `implies` two, `and` and `or` two or more.
struct condition {
    condition_kind kind = condition_kind::atom;
    atom leaf;
    std::vector<condition> parts;
    bool operator==(const condition&) const = default;
};

// ---- What contexts do -------------------------------------------------------------------------

// `ifconfig em1 destroy`, `socket udp bind 192.0.2.1.53 as S`, `pfctl -f { ... }`: for the model's
// own parsers. The words are those of the command line, from the verb on.
struct command {
    std::vector<word> words;
    std::optional<raw_block> raw;
    word name;  // `as NAME`: what the command made or looked up, and another way to label it
    bool operator==(const command&) const = default;
};

// `em0 [queue N] < PACKET [as P]`: the interface receives the packet.
struct injection {
    interface_ref interface;
    std::optional<uint32_t> queue;
    packet_spec packet;
    word name;
    bool operator==(const injection&) const = default;
};

// `em0 > PACKET`: the interface has sent the packet, or does so next.
struct packet_expectation {
    interface_ref interface;
    packet_spec packet;
    bool operator==(const packet_expectation&) const = default;
};

// `expect CONDITION`, there and then.
struct expectation {
    condition holds;
    bool operator==(const expectation&) const = default;
};

// `advance 31s`: virtual time passes.
struct advance {
    uint64_t nanoseconds = 0;
    bool operator==(const advance&) const = default;
};

struct statement {
    word label;   // `A1: ...`
    word router;  // `on r1 ...`; empty: the only router, or that of the context
    span at;
    std::variant<command, injection, packet_expectation, expectation, advance> action;
    bool operator==(const statement&) const = default;
};

enum class context_kind : uint8_t { thread, interrupt };

// Without a word an interrupt is a network card's, as ipl_net of the model.
inline constexpr uint32_t interrupt_level_default = 5;
inline constexpr uint32_t interrupt_level_max = 7;

// `cpu 0 thread net0 { ... }`, `interrupt on cpu 0 [level 5] [as NAME] { ... }`.
struct context {
    context_kind kind = context_kind::thread;
    word name;  // an interrupt without a name is called interrupt0 on CPU 0
    cpu_ref cpu;
    uint32_t level = 0;  // of an interrupt, 1 to 7
    std::vector<statement> statements;
    bool operator==(const context&) const = default;
};

// ---- The world --------------------------------------------------------------------------------

struct router {
    word name;
    uint32_t cpus = 1;
    std::vector<statement> statements;  // commands only; run before everything else
    bool operator==(const router&) const = default;
};

// `link r1:em1 r2:em0`: a wire.
struct link {
    interface_ref left;
    interface_ref right;
    bool operator==(const link&) const = default;
};

// `place softclock on cpu 1`.
struct placement {
    word context;
    cpu_ref cpu;
    bool operator==(const placement&) const = default;
};

enum class freedom_kind : uint8_t { timer_may_fire, may_lose, fail_alloc, clock_any };

// What may happen besides the order of steps: `timer X may fire`, `may lose P2`,
// `fail alloc nth 3 [in T]`, `clock any`.
struct freedom {
    freedom_kind kind = freedom_kind::clock_any;
    word subject;  // the timer, the packet
    uint32_t nth = 0;
    word context;
    bool operator==(const freedom&) const = default;
};

// `arptimer`, `r1:arptimer`: a timer of that router; without one, of the only router.
struct timer_ref {
    std::string router;
    std::string name;
};
[[nodiscard]] inline timer_ref timer_of(const word& subject) {
    const size_t colon = subject.text.find(':');
    return colon == std::string::npos
               ? timer_ref{"", subject.text}
               : timer_ref{subject.text.substr(0, colon), subject.text.substr(colon + 1)};
}

// `variant NAME { patch FILE }`, `regime NAME { patch FILE }`. The unpatched subject is the variant
// `fixed`, which is always there. A regime without a block is one that the project knows.
struct variant {
    word name;
    std::vector<word> patches;
    bool operator==(const variant&) const = default;
};

// ---- Schedules --------------------------------------------------------------------------------

enum class point_kind : uint8_t {
    done,     // done: the context has ended; done LABEL: that statement has
    blocked,  // blocked [on CHANNEL]
    enter,    // enter FUNCTION
    leave,    // leave FUNCTION
    touches,  // in FUNCTION touches OBJECT
    lock,     // lock LOCK
    unlock,   // unlock LOCK
    window,   // window NAME
    steps,    // steps N
    before,   // before LABEL
    after     // after LABEL
};

// A place in the run of a context: it stands before the operation that is named.
struct point {
    point_kind kind = point_kind::done;
    span at;
    word name;             // label, channel, function, lock, window
    word touched;          // touches
    uint64_t count = 0;    // steps
    interface_ref device;  // `dev em1`: only if it is about this interface
    word object;           // `obj X`: only if it is about this object
    uint32_t nth = 1;      // `nth 2`: the second time
    bool operator==(const point&) const = default;
};

// `run T until POINT [or POINT]...`: only T runs.
struct run_clause {
    word context;
    std::vector<point> until;
    bool operator==(const run_clause&) const = default;
};

// `order A@POINT < B@POINT`: only interleavings in which A passes its point first.
struct order_clause {
    word first_context;
    point first;
    word second_context;
    point second;
    bool operator==(const order_clause&) const = default;
};

// `prune until T at POINT [or POINT]...`: no races are looked for before that.
struct prune_clause {
    word context;
    std::vector<point> until;
    bool operator==(const prune_clause&) const = default;
};

// `explore STRATEGY [preemptions N] [delays N] [depth N] [steps N] [seed N] [executions N]`.
struct explore_clause {
    word strategy;
    std::optional<uint64_t> preemptions;
    std::optional<uint64_t> delays;
    std::optional<uint64_t> depth;  // of pct
    std::optional<uint64_t> steps;
    std::optional<uint64_t> seed;
    std::optional<uint64_t> executions;
    bool operator==(const explore_clause&) const = default;
};

// A prefix of runs, constraints, and at most one strategy for the rest.
struct schedule {
    word name;
    std::vector<run_clause> runs;
    std::vector<order_clause> orders;
    std::vector<prune_clause> prunes;
    std::optional<explore_clause> explore;
    bool operator==(const schedule&) const = default;
};

// ---- Expectations -----------------------------------------------------------------------------

enum class clause_kind : uint8_t {
    exists,       // some explored interleaving ends with it
    forall,       // every one does
    final_state,  // every one, when everything has come to rest
    on_schedule,  // the single run of a schedule
    no_bug,
    no_leak,  // of these kinds, or of any
    no_deadlock,
    reach,  // a state that the search should look for
    always  // whenever a lock is free
};

struct expect_clause {
    clause_kind kind = clause_kind::exists;
    span at;
    word schedule;  // on_schedule
    condition holds;
    std::vector<word> leaks;
    word when_free;  // always: the lock, or empty
    bool operator==(const expect_clause&) const = default;
};

// `expect VARIANT... [under REGIME...] { ... }`.
struct expect_block {
    std::vector<word> variants;
    std::vector<word> regimes;
    std::vector<expect_clause> clauses;
    bool operator==(const expect_block&) const = default;
};

// ---- All of it --------------------------------------------------------------------------------

struct script {
    word name;
    word description;
    std::vector<word> tags;
    std::vector<word> refs;
    std::vector<parameter> parameters;
    std::vector<router> routers;
    std::vector<link> links;
    std::vector<placement> placements;
    std::vector<freedom> freedoms;
    std::vector<variant> variants;
    std::vector<variant> regimes;
    std::vector<statement> before;  // alone, before the race
    std::vector<context> contexts;
    std::vector<statement> after;  // alone, when the race is over
    std::vector<schedule> schedules;
    std::vector<expect_block> expects;
    sources texts;
    bool operator==(const script&) const = default;
};

}  // namespace scenario
