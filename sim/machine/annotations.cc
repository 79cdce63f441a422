// The words of sim/annotate.h, as the machine hears them.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/invariant.h"
#include "sim/check/liveness.h"
#include "sim/check/race.h"
#include "sim/dependence.h"
#include "sim/machine/access.h"
#include "sim/machine/cpus.h"
#include "sim/machine/interpose.h"
#include "sim/machine/interrupts.h"
#include "sim/machine/names.h"
#include "sim/machine/spin.h"
#include "sim/machine/visible.h"
#include "sim/machine/watch.h"
#include "sim/memory/words.h"

namespace sim {

namespace {

// Names are for people, and for points that speak of objects: an exploration without either skips them.
bool watched() {
    return g.record != nullptr || !g.choosing || g.watch_window != nullptr;
}

void announce(const void* word, update_meaning meaning, const void* object = nullptr) {
    if (simulated()) {
        g.current->announced = address_of(word);
        g.current->announced_object = address_of(object);
        g.current->announced_as = meaning;
    }
}

void unsupported(const char* what, uint64_t pc) {
    finding f;
    f.kind = finding_kind::unsupported;
    f.pc = pc;
    f.text = what;
    report(f);
}

// The numbers of contexts that chose no CPU mean nothing: one that has this number takes another.
void bind_to_cpu(unsigned cpu) {
    context& c = *g.current;
    for (uint64_t rest = g.live & ~c.bit; rest != 0; rest &= rest - 1) {
        context& other = g.contexts[__builtin_ctzll(rest)];
        if (other.cpu == cpu && !other.bound) {
            other.cpu = c.cpu;
        }
    }
    c.cpu = static_cast<uint8_t>(cpu);
    c.bound = g.cpus_bound = true;
    scheduling_changed();
    if ((g.unstarted & c.bit) != 0) {
        g.unstarted &= ~c.bit;
        take_back_start(c);  // it was chosen when nobody knew that it needs this CPU
    }
    HEDDLE_ASSERT(start_all());  // a finding there does not come back here
}

// Looks once, at whatever write it may: whoever sees one for which it does not hold waits for good, and later writes are
// seen in executions of their own. When time has passed it looks again.
void await_by_graph(context& c) {
    point(c, true);
    for (c.op.before = graph_await(c, false); !holds(c.op, c.op.before);
         c.op.before = graph_await(c, false)) {
        point(c, false);
        if (!by_graph()) {
            return;  // woken to see what comes of it (check/lost_wakeup.h)
        }
    }
    c.op.after = c.op.before;
}

void await(const void* word, unsigned size, unsigned how, uint64_t operand, const char* reason,
           uint64_t pc) {
    context& c = *g.current;
    tell_may_sleep(op_kind::await, address_of(word), pc);
    c.op = operation{};
    c.op.kind = op_kind::await;
    c.op.size = size;
    c.op.order = 2;
    c.op.has_values = true;
    c.op.aux = how;
    c.op.object = address_of(word);
    c.op.operand = operand;
    c.op.pc = pc;
    c.reason = reason;
    ++g.awaiting;
    if (awaits_look_once()) {
        await_by_graph(c);
    } else {
        point(c, await_holds(c.op));
    }
    --g.awaiting;
    c.reason = nullptr;
    c.op.only_read = true;
    if ((g.checks & check_memory) != 0) {
        check_lifetime(c.op.object - region_base, size, false, pc);
    }
    if (by_graph()) {
        c.op.before = c.op.after = awaits_look_once() ? c.op.before : graph_await(c, true);
    } else {
        c.op.before = c.op.after = await_value(c.op);
        if ((g.checks & check_race) != 0) {
            race_atomic_read(c.op.object - region_base, size, 2, pc);
        }
    }
    liveness_awaited(c.op);
    operation_done(c);
}

}  // namespace

uint64_t await_value(const operation& op) {
    return op.size == 4 ? *reinterpret_cast<const uint32_t*>(op.object)
                        : *reinterpret_cast<const uint64_t*>(op.object);
}

bool await_holds(const operation& op) {
    return holds(op, await_value(op));
}

void wake_awaits(uint64_t address, uint64_t size) {
    bool spins = false;
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        context& c = g.contexts[__builtin_ctzll(rest)];
        if (c.spinning) {
            spins = true;
            continue;
        }
        const operation& op = awaited_by(c);
        if (awaits_look_once()) {
            continue;
        }
        if (op.kind != op_kind::await || &c == g.current || op.object >= address + size ||
            op.object + op.size <= address) {
            continue;
        }
        if (await_holds(op)) {
            g.enabled |= c.bit;
        } else {
            g.enabled &= ~c.bit;
        }
    }
    if (spins) {
        spin_wake();
    }
}

}  // namespace sim

using namespace sim;

#define HEDDLE_WORD __attribute__((visibility("default")))

extern "C" {

HEDDLE_WORD void heddle_name(const void* object, const char* name) {
    if (watched() || subject_names.kept) {
        host_scope host;
        subject_names.names.push_back({address_of(object), name});
    }
    if (simulated()) {
        tell_checkers(&checker::named, *g.current, address_of(object), name);
    }
}

HEDDLE_WORD void heddle_state(const void* object, const char* change) {
    record_remark("state", address_of(object), change);
}

HEDDLE_WORD void heddle_note(const char* text) {
    if (!invariant_notes(text)) {
        record_remark("note", 0, text);
    }
}

HEDDLE_WORD void heddle_context(const char* name, int service) {
    if (!simulated()) {
        return;
    }
    host_scope host;
    g.current->name = name;
    g.current->service = service != 0;
}

HEDDLE_WORD void heddle_cpu(unsigned cpu) {
    if (!simulated() || cpu >= contexts_max || (g.current->bound && g.current->cpu == cpu)) {
        return;
    }
    if (g.current->interrupt_level != 0 || g.current->level != 0) {
        unsupported(
            "an interrupt, or a context that has raised the level of its CPU, moves to another",
            HEDDLE_CALLER);
        return;
    }
    leave_cpu(HEDDLE_CALLER);
    bind_to_cpu(cpu);
    share_cpu(HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_interrupt(unsigned cpu, unsigned level) {
    if (!simulated()) {
        return;
    }
    context& c = *g.current;
    if (cpu >= contexts_max || level == 0 || level > interrupt_level_max || c.level != 0 ||
        c.interrupt_level != 0) {
        unsupported("an interrupt has a CPU below 64 and a level of 1 to 7, and is one once",
                    HEDDLE_CALLER);
        return;
    }
    leave_cpu(HEDDLE_CALLER);
    if ((g.interruptible >> cpu & 1) == 0) {
        g.interruptible |= 1ULL << cpu;
        if (g.choosing) {
            visible_found_cpu(cpu);
        }
    }
    bind_to_cpu(cpu);
    begin_interrupt(level, HEDDLE_CALLER);
}

HEDDLE_WORD unsigned heddle_raise_level(unsigned level) {
    if (!simulated()) {
        return 0;
    }
    if (level > interrupt_level_max) {
        unsupported("levels are 0 to 7", HEDDLE_CALLER);
        return 0;
    }
    return change_level(std::max<unsigned>(level, g.current->level), HEDDLE_CALLER);
}

HEDDLE_WORD void heddle_restore_level(unsigned level) {
    if (!simulated()) {
        return;
    }
    if (level > interrupt_level_max) {
        unsupported("levels are 0 to 7", HEDDLE_CALLER);
        return;
    }
    const context& c = *g.current;
    const unsigned least = c.interrupt_level;
    change_level(std::min<unsigned>(std::max(level, least), c.level), HEDDLE_CALLER);
}

HEDDLE_WORD unsigned heddle_choose(unsigned n) {
    if (!simulated() || n == 0) {
        return 0;
    }
    begin_operation(op_kind::choose, 0, HEDDLE_CALLER);
    g.current->op.aux = n;
    unsigned taken = choose_alternative(n);
    operation_done(*g.current);
    return taken;
}

HEDDLE_WORD void heddle_await_u32(const void* word, int how, uint32_t operand, const char* reason) {
    if (simulated()) {
        await(word, 4, static_cast<unsigned>(how), operand, reason, HEDDLE_CALLER);
    }
}

HEDDLE_WORD void heddle_await_u64(const void* word, int how, uint64_t operand, const char* reason) {
    if (simulated()) {
        await(word, 8, static_cast<unsigned>(how), operand, reason, HEDDLE_CALLER);
    }
}

HEDDLE_WORD void heddle_section_begin(const void* object, const char* name) {
    if (!simulated() || g.deep) {
        return;
    }
    context& c = *g.current;
    if (c.section_depth == 0) {
        begin_operation(op_kind::section, address_of(object), HEDDLE_CALLER);
        race_acquire(address_of(object));
        if (g.record != nullptr) {
            host_scope host;
            g.record->value(name);
        }
        operation_done(c);
    }
    ++c.section_depth;
}

HEDDLE_WORD void heddle_section_end(const void* object) {
    if (!simulated() || g.deep) {
        return;
    }
    HEDDLE_ASSERT(g.current->section_depth != 0);
    if (--g.current->section_depth == 0) {
        race_release(address_of(object));
        section_level_is_set(HEDDLE_CALLER);
    }
}

HEDDLE_WORD void heddle_window(const char* name) {
    record_remark("window", 0, name);
    if (simulated()) {
        window_passed(name);
    }
}

HEDDLE_WORD void heddle_take(const void* counter, const void* object) {
    announce(counter, update_take, object);
    record_remark("take", address_of(counter), "");
}

HEDDLE_WORD void heddle_put(const void* counter, const void* object) {
    announce(counter, update_put, object);
    record_remark("put", address_of(counter), "");
}

HEDDLE_WORD void heddle_unused_result(const void* word) {
    announce(word, update_adds);
}

HEDDLE_WORD void heddle_invariant(const char* name, int (*holds)(void*), void* argument) {
    host_scope host;
    invariant_add({name, holds, argument});
}

HEDDLE_WORD void heddle_invariant_of(const void* lock, const char* name, int (*holds)(void*),
                                     void* argument) {
    host_scope host;
    invariant_add({name, holds, argument, address_of(lock)});
}

HEDDLE_WORD void heddle_invariant_now(const void* object, uint64_t size, const char* name,
                                      int (*holds)(void*), void* argument) {
    if (!simulated()) {
        return;
    }
    const uint64_t pc = HEDDLE_CALLER;
    begin_operation(op_kind::load, address_of(object), pc, true, static_cast<uint32_t>(size));
    check_invariant_now(name, holds, argument, pc);
    operation_done(*g.current);
}

HEDDLE_WORD void heddle_waits_on(const void* channel) {
    if (simulated()) {
        liveness_waits_on(address_of(channel));
    }
}

HEDDLE_WORD void heddle_woke(const void* channel, unsigned waiters) {
    if (simulated()) {
        liveness_woke(address_of(channel), waiters, true, HEDDLE_CALLER);
    }
}

HEDDLE_WORD void heddle_housekeeping() {
    if (simulated()) {
        g.current->housekeeping = true;
    }
}

HEDDLE_WORD void heddle_fail(const char* message) {
    finding f;
    f.kind = finding_kind::assertion;
    f.pc = HEDDLE_CALLER;
    f.text = message;
    report(f);
}

}  // extern "C"
