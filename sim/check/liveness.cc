#include "sim/check/liveness.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/describe.h"
#include "sim/check/journal.h"
#include "sim/dependence.h"
#include "sim/machine/cpus.h"
#include "sim/machine/fair.h"
#include "sim/machine/locks.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/spin.h"

namespace sim {

namespace {

enum class happening : uint8_t { waits, woke_one, woke_all, woke_nobody, stored, passed };

struct wake_event {
    uint64_t object;
    uint64_t pc;
    uint64_t before;  // of a store
    uint64_t after;
    uint32_t step;
    uint32_t size;
    uint32_t stack;  // while it is recorded
    happening what;
    uint8_t context;
};

journalled_list<wake_event> happened;
journalled<uint64_t> channels[contexts_max];
uint64_t lost = 0;  // contexts of the execution that has just ended: their wake-up came too early

constexpr size_t callers_told = 3;
constexpr uint32_t await_quiescent = 4;  // HEDDLE_QUIESCENT

void note(happening what, const operation& op, uint64_t object, uint64_t pc) {
    host_scope host;
    happened.push_back(
        {object, pc, op.before, op.after, g.steps, op.size, record_stack(pc), what, g.current->id});
}

}  // namespace

void liveness_waits(uint64_t object) {
    note(happening::waits, {}, object, 0);
}

void liveness_waits_on(uint64_t channel) {
    {
        host_scope host;
        channels[g.current->id].set(channel);
    }
    if (channel != 0) {
        liveness_waits(channel);
    }
}

void liveness_woke(uint64_t object, uint64_t waiters, bool all, uint64_t pc) {
    note(waiters == 0 ? happening::woke_nobody
         : all        ? happening::woke_all
                      : happening::woke_one,
         {}, object, pc);
}

void liveness_awaited(const operation& op) {
    if (g.record != nullptr) {
        note(happening::passed, op, op.object, op.pc);
    }
    if (channels[g.current->id].get() != 0) {
        liveness_waits_on(0);
    }
}

void liveness_stored(const operation& op) {
    if (!op.has_values || op.before == op.after || op.kind == op_kind::await) {
        return;
    }
    note(happening::stored, op, op.object, op.pc);
}

namespace {

// What its wait is for, if signals end it.
uint64_t signalled_object(const context& c) {
    switch (c.op.kind) {
        case op_kind::cond_resume:
            return c.signalled || c.timed_out ? 0 : c.op.object2;
        case op_kind::futex_resume:
            return c.op.object;
        case op_kind::await:
            return channels[c.id].get();
        default:
            return 0;
    }
}

// A signal before it began to wait met nobody, or all that waited then, and none came since.
const wake_event* early_signal_or_null(const context& c, uint64_t object) {
    bool began = false;
    for (size_t i = happened.size(); i-- > 0;) {
        const wake_event& e = happened[i];
        if (e.object != object || e.what == happening::stored || e.what == happening::passed) {
            continue;
        }
        if (e.what == happening::waits) {
            if (e.context == c.id && began) {
                return nullptr;  // that one ended the wait before
            }
            began |= e.context == c.id;
        } else if (!began) {
            return nullptr;
        } else if (e.what != happening::woke_one) {
            return &e;
        }
    }
    return nullptr;
}

// A store after which it held; somebody stored another value before the context that awaits had a look.
const wake_event* overwritten_or_null(const context& c) {
    for (size_t i = happened.size(); i-- > 0;) {
        const wake_event& e = happened[i];
        if (e.object != c.op.object || e.size != c.op.size) {
            continue;
        }
        if (e.what == happening::passed && e.context == c.id) {
            return nullptr;
        }
        if (e.what == happening::stored && c.op.aux != await_quiescent && holds(c.op, e.after)) {
            return &e;
        }
    }
    return nullptr;
}

bool waits_for_good(const context& c) {
    return c.state == context_state::live && !c.service;
}

std::string names_of(uint64_t mask) {
    std::string names;
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
        const auto id = static_cast<unsigned>(__builtin_ctzll(rest));
        names += (names.empty() ? "" : ", ") + name_of_context(id);
        names += g.contexts[id].state == context_state::done ? ", which has ended" : "";
    }
    return names;
}

uint64_t bit_of_owner(uint32_t owner) {
    return owner != 0 ? 1ULL << (owner - 1) : 0;
}

waited_for of_await(const context& c) {
    const std::string object = describe_address(c.op.object);
    if (c.reason == nullptr) {
        return {object};
    }
    // A word on the waiter's own stack says nothing to a reader.
    return {in_stack_area(c.op.object) ? fmt::format("\"{}\"", c.reason)
                                       : fmt::format("\"{}\" ({})", c.reason, object)};
}

}  // namespace

waited_for what_is_waited_for(const context& c) {
    const operation& op = c.op;
    const std::string object = describe_address(op.object);
    switch (op.kind) {
        case op_kind::lock:
        case op_kind::cond_resume: {
            if (op.kind == op_kind::cond_resume && !c.signalled && !c.timed_out) {
                return {fmt::format("a signal on {}", describe_address(op.object2))};
            }
            const auto* m = reinterpret_cast<const mutex_state*>(op.object);
            return {object, bit_of_owner(m->owner), true};
        }
        case op_kind::rdlock:
        case op_kind::wrlock: {
            const auto* s = reinterpret_cast<const rwlock_state*>(op.object);
            return {object, s->writer != 0 ? bit_of_owner(s->writer) : s->readers, true};
        }
        case op_kind::await:
            return of_await(c);
        case op_kind::join: {
            const auto index = reinterpret_cast<const context*>(op.object) - g.contexts;
            return {fmt::format("the end of {}", name_of_context(static_cast<unsigned>(index))),
                    1ULL << index};
        }
        case op_kind::sem_wait:
            return {fmt::format("a post to {}", object)};
        case op_kind::futex_resume:
            return {fmt::format("a wake of {}", object)};
        case op_kind::barrier_resume:
            return {fmt::format("the others at {}", object)};
        case op_kind::once:
            return {fmt::format("the initialiser of {}", object)};
        default:
            break;
    }
    if (op.takes_cpu && g.cpu_holder[c.cpu] != 0xff) {
        return {fmt::format("cpu{}", c.cpu), 1ULL << g.cpu_holder[c.cpu], true};
    }
    return {name_of(op.kind)};
}

std::string what_it_waits_for(const context& c) {
    const waited_for w = what_is_waited_for(c);
    return w.held && w.owners != 0 ? fmt::format("{}, held by {}", w.what, names_of(w.owners))
                                   : w.what;
}

namespace {

// Who of those that wait for good is in a cycle, in the order of the chain.
class wait_graph {
  public:
    wait_graph() {
        for (unsigned i = 0; i < g.context_count; ++i) {
            if (waits_for_good(g.contexts[i])) {
                waits_[i] = what_is_waited_for(g.contexts[i]);
            }
        }
        for (unsigned i = 0; i < g.context_count && cycle_.empty(); ++i) {
            seen_ = 0;
            path_.clear();
            if (waits_[i].owners != 0) {
                follow(i);
            }
        }
    }

    [[nodiscard]] const std::vector<unsigned>& cycle() const { return cycle_; }

    // "main waits for first, held by t1, who waits for second, held by main"
    [[nodiscard]] std::string chain() const {
        std::string text;
        for (size_t i = 0; i < cycle_.size(); ++i) {
            const waited_for& w = waits_[cycle_[i]];
            const unsigned next = cycle_[(i + 1) % cycle_.size()];
            text += i == 0 ? name_of_context(cycle_[0]) : ", who";
            text += " waits for " + w.what;
            text += w.held ? ", held by " + name_of_context(next) : "";
        }
        return text;
    }

    // It is in no cycle, but waits for somebody who is, or waits for such a one.
    [[nodiscard]] bool behind(unsigned id) const {
        if (in_cycle(id)) {
            return false;
        }
        uint64_t reached = 0;
        uint64_t open = waits_[id].owners;
        while (open != 0) {
            const auto next = static_cast<unsigned>(__builtin_ctzll(open));
            reached |= 1ULL << next;
            if (in_cycle(next)) {
                return true;
            }
            open = (open | waits_[next].owners) & ~reached;
        }
        return false;
    }

  private:
    [[nodiscard]] bool in_cycle(unsigned id) const {
        return std::find(cycle_.begin(), cycle_.end(), id) != cycle_.end();
    }

    bool follow(unsigned id) {
        const auto at = std::find(path_.begin(), path_.end(), id);
        if (at != path_.end()) {
            cycle_.assign(at, path_.end());
            return true;
        }
        if ((seen_ >> id & 1) != 0) {
            return false;
        }
        seen_ |= 1ULL << id;
        path_.push_back(id);
        for (uint64_t rest = waits_[id].owners; rest != 0; rest &= rest - 1) {
            if (follow(static_cast<unsigned>(__builtin_ctzll(rest)))) {
                return true;
            }
        }
        path_.pop_back();
        return false;
    }

    waited_for waits_[contexts_max];
    uint64_t seen_ = 0;
    std::vector<unsigned> path_;
    std::vector<unsigned> cycle_;
};

trace_evidence evidence_of_wait(unsigned id, const wait_graph& graph) {
    const context& c = g.contexts[id];
    trace_evidence e;
    e.step = g.steps;
    e.context = id;
    e.stack = call_stack(c, c.op.pc);
    e.text = fair_repeats(id);
    if (!e.text.empty()) {
        e.label = evidence_repeats;
        return e;
    }
    e.label = c.spinning ? "spins on" : "waits for";
    e.text =
        fmt::format("{} {} {}{}", who_of(id), graph.behind(id) ? "waits behind them for" : e.label,
                    c.spinning ? spin_objects(c) : what_it_waits_for(c), in_place(e.stack));
    return e;
}

trace_evidence evidence_of_wake(const wake_event& wake, const context& waiter) {
    trace_evidence e;
    e.label = wake.what == happening::stored ? evidence_held : evidence_early;
    e.step = wake.step;
    e.context = wake.context;
    e.stack = {frame_at(wake.pc)};
    if (e.stack[0].function.empty()) {
        e.stack = recorded_stack(wake.stack);  // it was a library that called
    }
    const std::string by = who_of(wake.context) + in_place(e.stack);
    const std::string object = describe_address(wake.object);
    e.text =
        wake.what == happening::stored
            ? fmt::format(
                  "what {} awaits held when {} stored {} to {}, and no longer when it "
                  "looked",
                  name_of_context(waiter.id), by, wake.after, object)
            : fmt::format(
                  "{} woke {} before {} began to wait for that: {}, and {} would go "
                  "on if it were woken now",
                  by, object, name_of_context(waiter.id),
                  wake.what == happening::woke_nobody ? "nobody noticed" : "only others noticed",
                  name_of_context(waiter.id));
    return e;
}

// Who called what woke; nothing if that is the outermost function.
bool callers_of_wake(const wake_event& wake, trace_evidence& e) {
    std::vector<trace_frame> own;
    for (const trace_frame& f : recorded_stack(wake.stack)) {
        if (is_own(f)) {
            own.push_back(f);
        }
    }
    e.label = evidence_from;
    e.step = wake.step;
    e.context = wake.context;
    e.stack = own;
    e.text = fmt::format("{} woke it", who_of(wake.context));
    for (size_t i = 1; i < own.size() && i <= callers_told; ++i) {
        e.text += fmt::format("{}{}", i == 1 ? "" : ", called", in_place({own[i]}));
    }
    return own.size() > 1;
}

}  // namespace

uint64_t woken_too_early() {
    const wait_graph graph;
    uint64_t early = 0;
    for (unsigned i = 0; i < g.context_count && graph.cycle().empty(); ++i) {
        const context& c = g.contexts[i];
        const uint64_t object = waits_for_good(c) ? signalled_object(c) : 0;
        early |= object != 0 && early_signal_or_null(c, object) != nullptr ? c.bit : 0;
    }
    return early;
}

std::vector<trace_evidence> describe_blocked() {
    const wait_graph graph;
    std::vector<trace_evidence> first;
    std::vector<trace_evidence> going_round;
    std::vector<trace_evidence> blocked;
    std::vector<trace_evidence> last;
    if (!graph.cycle().empty()) {
        first.push_back({evidence_cycle, g.steps, graph.cycle()[0], graph.chain(), {}});
    }
    for (unsigned i = 0; i < g.context_count; ++i) {
        const context& c = g.contexts[i];
        if (!waits_for_good(c)) {
            continue;
        }
        trace_evidence e = evidence_of_wait(i, graph);
        if ((lost & c.bit) != 0) {
            const wake_event& early = *early_signal_or_null(c, signalled_object(c));
            first.push_back(evidence_of_wake(early, c));
            if (trace_evidence from; g.record != nullptr && callers_of_wake(early, from)) {
                last.push_back(std::move(from));
            }
        }
        const wake_event* held = c.op.kind == op_kind::await ? overwritten_or_null(c) : nullptr;
        if (held != nullptr && g.record != nullptr) {
            last.push_back(evidence_of_wake(*held, c));
        }
        (e.label == evidence_repeats ? going_round : blocked).push_back(std::move(e));
    }
    first.insert(first.end(), going_round.begin(), going_round.end());
    first.insert(first.end(), blocked.begin(), blocked.end());
    first.insert(first.end(), last.begin(), last.end());
    return first;
}

void report_blocked_for_good(uint64_t would_go_on) {
    lost = would_go_on;
    finding f;
    bool spins = fair_livelock();
    for (unsigned i = 0; i < g.context_count; ++i) {
        spins |= waits_for_good(g.contexts[i]) && g.contexts[i].spinning;
    }
    for (const trace_evidence& e : describe_blocked()) {
        if (e.label != evidence_held && e.label != evidence_from) {
            f.text += (f.text.empty() ? "" : "; ") + e.text;
        }
    }
    f.kind = spins       ? finding_kind::livelock
             : lost != 0 ? finding_kind::lost_wakeup
                         : finding_kind::deadlock;
    report(f);
}

}  // namespace sim
