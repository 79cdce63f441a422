#include "sim/check/lost_wakeup.h"

#include <algorithm>
#include <iterator>

#include "sim/machine/locks.h"
#include "sim/machine/memory.h"
#include "sim/machine/schedule.h"
#include "sim/machine/snapshot.h"

namespace sim {

namespace {

constexpr uint32_t steps_tried = 10'000;

// What the attempt changes beside what a snapshot restores. Nobody chooses, listens or writes anything down.
class attempt {
  public:
    attempt()
        : level_(snapshot_push()),
          record_(g.record),
          outcome_(g.outcome),
          checks_(g.checks),
          limits_(g.limits),
          accesses_(g.accesses),
          accesses_left_(g.accesses_left),
          keep_operations_(g.keep_operations),
          by_graph_(g.by_graph) {
        g.record = nullptr;
        g.outcome = nullptr;
        g.checks &= check_undo | check_memory;
        g.limits.steps_max = g.steps + steps_tried;
        std::fill(std::begin(g.limits.faults), std::end(g.limits.faults), 0U);
        g.accesses_left = g.limits.accesses_max;
        g.choosing = false;
        g.keep_operations = true;
        g.by_graph = false;  // the strategy still wants the graph as it was
        scheduling_changed();
    }
    attempt(const attempt&) = delete;
    attempt& operator=(const attempt&) = delete;
    ~attempt() {
        snapshot_restore(level_);
        g.record = record_;
        g.outcome = outcome_;
        g.checks = checks_;
        g.limits = limits_;
        g.accesses = accesses_;
        g.accesses_left = accesses_left_;
        g.choosing = true;
        g.keep_operations = keep_operations_;
        g.by_graph = by_graph_;
        g.end = execution_end::deadlock;
        scheduling_changed();
    }

  private:
    unsigned level_;
    decltype(g.record) record_;
    decltype(g.outcome) outcome_;
    decltype(g.checks) checks_;
    decltype(g.limits) limits_;
    decltype(g.accesses) accesses_;
    decltype(g.accesses_left) accesses_left_;
    bool keep_operations_;
    bool by_graph_;
};

// False: it waits for something else as well.
bool wake(context& c) {
    c.signalled = true;
    if (c.op.kind == op_kind::cond_resume &&
        reinterpret_cast<const mutex_state*>(c.op.object)->owner != 0) {
        return false;
    }
    g.enabled |= c.bit;
    return true;
}

// To look and to wait again is no progress.
bool is_progress(const operation& op, const operation& wait) {
    switch (op.kind) {
        case op_kind::cond_enqueue:
            return op.object != wait.object2;
        case op_kind::futex_wait:
        case op_kind::futex_resume:
        case op_kind::await:
            return op.object != wait.object;
        case op_kind::cond_resume:
            return op.object2 != wait.object2;
        default:
            return !op.only_read && op.kind != op_kind::load;
    }
}

bool goes_on(unsigned id) {
    const attempt now;
    context& c = g.contexts[id];
    const operation wait = c.op;
    const size_t before = g.history.size();
    if (!wake(c)) {
        return false;
    }
    const execution_end end = run_contexts();
    if (c.state != context_state::live || end == execution_end::fatal) {
        return true;
    }
    if (c.op.kind == wait.kind && c.op.pc == wait.pc && c.op.object == wait.object &&
        wait.kind == op_kind::await) {
        return false;  // what it does to get to sleep again is no progress either
    }
    return std::any_of(g.history.begin() + static_cast<ptrdiff_t>(before), g.history.end(),
                       [&](const auto& h) { return h.context == id && is_progress(h.op, wait); });
}

}  // namespace

uint64_t would_go_on_if_woken(uint64_t contexts) {
    uint64_t able = 0;
    for (uint64_t rest = snapshot_possible() ? contexts : 0; rest != 0; rest &= rest - 1) {
        const auto id = static_cast<unsigned>(__builtin_ctzll(rest));
        able |= goes_on(id) ? 1ULL << id : 0;
    }
    return able;
}

}  // namespace sim
