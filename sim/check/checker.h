// checker.h - the checkers: their table, and what one is told while an execution runs.
// Source:  design section 4: one small interface, one file each.
// Shapes:  a row a checker, in the order in which people read them. The hooks of plain accesses call races and
//          memory by name, since a call through a table would cost more than the check; all others listen.
//          What a listener remembers of an execution is in journalled values (journal.h), so that it is put
//          back with everything else; what it learns over all executions is its own.
// Locks:   none. Listeners are called in the host's part of a hook: they may allocate.
// Errors:  a listener reports findings; one that ends the execution does not return.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/check/finding.h"
#include "sim/check/lessons.h"
#include "sim/machine/machine.h"

namespace sim {

enum class lock_mode : uint8_t { exclusive, shared };

// Of a mutex or a reader/writer lock.
struct lock_event {
    uint64_t lock = 0;  // address
    uint64_t pc = 0;    // the call in the subject
    lock_mode mode = lock_mode::exclusive;
    bool tried = false;            // by a try-lock, or with a deadline: it cannot wait for good
    bool sleeps = false;           // a reader/writer lock: who waits for it sleeps
    bool prefers_writers = false;  // readers wait behind a writer that waits
};

// An update of a word that counts the references to an object.
struct reference_event {
    uint64_t word = 0;
    uint64_t object = 0;
    uint64_t before = 0;  // what the word held
    uint64_t pc = 0;
};

// The words of annotate.h that say what is allowed where.
enum class rule_word : uint8_t {
    lock_class,
    enter,
    leave,
    may_sleep,
    read_enter,
    read_leave,
    grace_wait,
    quiescent,
    unlinked,
    barrier,
    slots,
    slot_use,
    slot_release
};

struct rule_event {
    rule_word word = rule_word::enter;
    uint32_t number = 0;  // kind of region, count of slots
    uint64_t object = 0;  // lock, object, domain, queue, slots: what the word speaks of
    uint64_t other = 0;   // the reader; the domain of what is unlinked; what the slot is used for
    const char* text = nullptr;  // name, class, what
    uint64_t pc = 0;
};

class checker {
  public:
    virtual ~checker() = default;
    // It is about to take the lock and will wait for it if it must: also where nobody holds it.
    virtual void wants(const context&, const lock_event&) {}
    virtual void acquired(const context&, const lock_event&) {}
    virtual void released(const context&, const lock_event&) {}
    // After the update.
    virtual void took(const context&, const reference_event&) {}
    virtual void put(const context&, const reference_event&) {}
    virtual void named(const context&, uint64_t /*object*/, const char* /*name*/) {}
    virtual void said(const context&, const rule_event&) {}
    // A wait other than for a lock: condition, semaphore, await, sleep, join. Also where it need not wait.
    virtual void may_sleep(const context&, const operation&) {}
    // A block of memory is freed.
    virtual void freed(const context&, uint64_t /*begin*/, uint64_t /*size*/, uint64_t /*pc*/) {}
    // The context's code has come to its end.
    virtual void finished(const context&) {}
    // Nothing runs any more; leaks and invariants have not been looked for yet.
    virtual void ended(execution_end) {}
    // What it has learned over the executions of this process; and another exploration begins.
    virtual void teach(lessons&) const {}
    virtual void forget() {}
    // What all processes have learned, before findings are described.
    virtual void recall(const lessons&) {}
    // Adds evidence to the finding of another checker, while a schedule is replayed.
    virtual void explain(finding&) {}
};

struct checker_row {
    const char* name;     // as it is typed
    const char* summary;  // what it finds, one line
    uint32_t bit;         // of check_bits; 0: it cannot be switched off
    std::vector<finding_kind> finds;
    checker* listener;  // null: called by name
};

const std::vector<checker_row>& checkers();
const checker_row* checker_named_or_null(const std::string& name);

// The listeners of these bits are told from now on.
void listen(uint32_t checks);
extern std::vector<checker*> listeners;

template <typename... Parameters, typename... Arguments>
void tell_checkers(void (checker::*event)(Parameters...), const Arguments&... arguments) {
    if ((g.checks & check_listened) == 0) {
        return;
    }
    host_scope host;
    for (checker* c : listeners) {
        (c->*event)(arguments...);
    }
}

// The current context comes to a wait that may sleep.
inline void tell_may_sleep(op_kind kind, uint64_t object, uint64_t pc) {
    if ((g.checks & check_listened) != 0) {
        operation op;
        op.kind = kind;
        op.object = object;
        op.pc = pc;
        tell_checkers(&checker::may_sleep, *g.current, op);
    }
}

}  // namespace sim
