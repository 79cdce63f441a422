#include "sim/check/access_log.h"

#include <algorithm>
#include <deque>

#include "sim/check/last_pointer.h"
#include "sim/machine/locks.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

constexpr size_t accesses_max = 500'000;

std::deque<logged_access> accesses;
std::vector<logged_operation> operations;
std::vector<std::vector<uint64_t>> caller_lists;
std::vector<std::vector<held_lock>> lock_lists;
std::vector<held_lock> held[contexts_max];
uint32_t last_callers[contexts_max];
uint32_t last_locks[contexts_max];

// Mostly it is the list of the access before.
template <typename List>
uint32_t number_of(std::vector<List>& lists, uint32_t& last, const List& list) {
    if (last >= lists.size() || lists[last] != list) {
        last = static_cast<uint32_t>(lists.size());
        lists.push_back(list);
    }
    return last;
}

void take(unsigned context, uint64_t object, bool shared) {
    held[context].push_back({object, shared});
}

void drop(unsigned context, uint64_t object) {
    std::vector<held_lock>& locks = held[context];
    const auto at = std::find_if(locks.rbegin(), locks.rend(),
                                 [object](const held_lock& l) { return l.object == object; });
    if (at != locks.rend()) {
        locks.erase(std::next(at).base());
    }
}

void follow_locks(const context& c) {
    const operation& op = c.op;
    if (op.only_read) {
        return;
    }
    switch (op.kind) {
        case op_kind::lock:
        case op_kind::trylock:
        case op_kind::cond_resume:
            return take(c.id, op.object, false);
        case op_kind::cond_enqueue:
            return drop(c.id, op.object2);
        case op_kind::unlock:
        case op_kind::rwunlock:
            return drop(c.id, op.object);
        case op_kind::rdlock:
        case op_kind::tryrdlock:
            return take(c.id, op.object, true);
        case op_kind::wrlock:
        case op_kind::trywrlock:
            // One that announces itself may have got no more than its place in the line.
            if (reinterpret_cast<const rwlock_state*>(op.object)->writer == c.id + 1U) {
                take(c.id, op.object, false);
            }
            return;
        default:
            return;
    }
}

}  // namespace

std::vector<uint64_t> callers_of(const context& c) {
    std::vector<uint64_t> callers;
    for (uint32_t i = depth_of(c); i-- > 1;) {
        callers.push_back(c.frames[i].call_pc);
    }
    return callers;
}

void access_log_begin() {
    accesses.clear();
    operations.clear();
    caller_lists.clear();
    lock_lists.clear();
    for (unsigned i = 0; i < contexts_max; ++i) {
        held[i].clear();
        last_callers[i] = last_locks[i] = 0;
    }
}

void access_log_add(uint64_t offset, uint64_t size, bool write, uint64_t pc) {
    host_scope host;
    const context& c = *g.current;
    if (write) {
        last_pointer_written(region_base + offset, size, pc);
    }
    if (accesses.size() == accesses_max) {
        accesses.pop_front();
    }
    accesses.push_back({region_base + offset, size, pc,
                        number_of(caller_lists, last_callers[c.id], callers_of(c)),
                        number_of(lock_lists, last_locks[c.id], held[c.id]), g.steps,
                        static_cast<uint32_t>(operations.size()), c.id, write});
}

void access_log_operation(const context& c) {
    operations.push_back({c.op, number_of(caller_lists, last_callers[c.id], callers_of(c)),
                          number_of(lock_lists, last_locks[c.id], held[c.id]), g.steps, c.id});
    follow_locks(c);
}

const logged_access* find_access_or_null(uint64_t address, unsigned context, bool write,
                                         uint64_t pc) {
    static logged_access of_operation;
    const auto a = std::find_if(accesses.rbegin(), accesses.rend(), [&](const logged_access& e) {
        return e.context == context && e.write == write && e.pc == pc &&
               address - e.address < e.size;
    });
    if (a != accesses.rend()) {
        return &*a;
    }
    const auto o =
        std::find_if(operations.rbegin(), operations.rend(), [&](const logged_operation& e) {
            return e.context == context && e.op.pc == pc && address - e.op.object < e.op.size;
        });
    if (o == operations.rend()) {
        return nullptr;
    }
    of_operation = {o->op.object,
                    o->op.size,
                    pc,
                    o->callers,
                    o->locks,
                    o->step,
                    static_cast<uint32_t>(operations.rend() - o),
                    o->context,
                    write};
    return &of_operation;
}

const std::vector<logged_operation>& logged_operations() {
    return operations;
}

std::vector<trace_frame> stack_of(const logged_access& a) {
    std::vector<trace_frame> stack = {frame_at(a.pc)};
    for (uint64_t pc : caller_lists[a.callers]) {
        stack.push_back(frame_at(pc));
    }
    return stack;
}

const std::vector<held_lock>& locks_of(const logged_access& a) {
    return lock_lists[a.locks];
}

const std::vector<held_lock>& locks_held(unsigned context) {
    return held[context];
}

}  // namespace sim
