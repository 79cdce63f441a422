#include "sim/machine/cpus.h"

#include "sim/check/race.h"
#include "sim/machine/interrupts.h"
#include "sim/machine/locks.h"
#include "sim/machine/schedule.h"

namespace sim {

bool cpus_unaccounted = false;

namespace {

void publish_cpu_step(context& c, op_kind kind, uint64_t pc) {
    c.op = operation{};
    c.op.kind = kind;
    c.op.object = cpu_object(c.cpu);
    c.op.cpu = static_cast<uint8_t>(c.cpu + 1);
    c.op.takes_cpu = kind == op_kind::dispatch;
    c.op.on_cpu = on_interruptible_cpu(c);
    (c.op.takes_cpu ? c.op.level_to : c.op.level_from) = c.level;
    c.op.pc = pc;
}

void give_up(context& c, uint64_t pc) {
    HEDDLE_ASSERT(g.cpu_holder[c.cpu] == c.id);
    publish_cpu_step(c, op_kind::give_up, pc);
    wait_for_turn(c);
    g.cpu_holder[c.cpu] = 0xff;
    level_is_gone(c);
    race_release(cpu_object(c.cpu));
    operation_done(c);
}

// It waits for others whatever they have done until now.
bool surely_waits(const context& c) {
    switch (c.op.kind) {
        case op_kind::cond_resume:
        case op_kind::barrier_resume:
        case op_kind::futex_resume:
        case op_kind::sleep:
            return true;
        default:
            return c.spinning;
    }
}

// The operation is not possible: what of its object is read by that.
void find_impossible(context& c) {
    c.op.only_read = true;
    switch (c.op.kind) {
        case op_kind::lock:
            c.op.before = *reinterpret_cast<const uint32_t*>(c.op.object);  // the owner
            break;
        case op_kind::once:
            c.op.before = 1;  // it runs
            break;
        case op_kind::rdlock:
        case op_kind::wrlock:
            c.op.before = rwlock_met(c.op.object);
            break;
        case op_kind::await:
            c.op.before = c.op.after = await_value(c.op);
            break;
        default:
            c.op.before = 0;
    }
    operation_done(c);
}

}  // namespace

uint64_t with_cpus(uint64_t possible) {
    uint64_t can = possible;
    for (uint64_t rest = g.sharers & g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        const uint8_t holder = g.cpu_holder[c.cpu];
        if (holder == c.id) {
            can |= c.bit;
        } else if (holder != 0xff && c.interrupt_level == 0) {
            can &= ~c.bit;
        }
    }
    return __builtin_expect(g.interruptible != 0, 0) ? not_interrupted(can) : can;
}

void cpu_taken(context& c) {
    if (c.op.takes_cpu) {
        HEDDLE_ASSERT(g.cpu_holder[c.cpu] == 0xff);
        g.cpu_holder[c.cpu] = c.id;
        race_acquire_for(c, cpu_object(c.cpu));
        level_is_back(c);
    }
}

void wait_for_cpu(context& c) {
    step_on_cpu(c);
    c.op.tries = false;
    c.op.takes_cpu = true;
    c.op.cpu = static_cast<uint8_t>(c.cpu + 1);
    c.op.level_from = 0;
    c.op.level_to = c.level;
}

void share_cpu(uint64_t pc) {
    context& c = *g.current;
    publish_cpu_step(c, op_kind::dispatch, pc);
    g.sharers |= c.bit;
    g.enabled |= c.bit;
    wait_for_turn(c);
    operation_done(c);
}

void leave_shared_cpu(uint64_t pc) {
    context& c = *g.current;
    if (has_begun(c)) {
        end_interrupt(pc);
        return;
    }
    give_up(c, pc);
    g.sharers &= ~c.bit;
    c.op = operation{};
}

void point_of_sharer(context& c, bool can_go_on) {
    if (c.interrupt_level != 0) {
        point_of_interrupt(c, can_go_on);
        return;
    }
    c.op.tries = c.op.takes_cpu = false;
    step_on_cpu(c);
    check_level_of_section(c);
    g.enabled = can_go_on ? g.enabled | c.bit : g.enabled & ~c.bit;
    if (!surely_waits(c)) {
        c.op.tries = true;
        wait_for_turn(c);
        if ((g.enabled & c.bit) != 0) {
            return;
        }
    }
    c.awaited = c.op;
    c.has_awaited = true;
    if (c.op.tries) {
        find_impossible(c);
    }
    give_up(c, c.awaited.pc);
    c.op = c.awaited;
    c.has_awaited = false;
    wait_for_cpu(c);
    if (g.choosing && (g.enabled & c.bit) == 0) {
        keep_block(c);
    }
    wait_for_turn(c);
}

}  // namespace sim
