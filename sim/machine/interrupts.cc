#include "sim/machine/interrupts.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checker.h"
#include "sim/check/journal.h"
#include "sim/check/race.h"
#include "sim/machine/cpus.h"
#include "sim/machine/names.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

constexpr unsigned levels = interrupt_level_max + 1;
constexpr uint32_t interrupt_region = 1;  // HEDDLE_INTERRUPT of annotate.h

constexpr size_t none = ~size_t{0};

// Of who has changed its level inside a section: what it was when that began.
struct section_level {
    uint8_t context;
    uint8_t level;
};
journalled_list<section_level> section_levels;

size_t level_at_begin(const context& c) {
    for (size_t i = 0; i < section_levels.size(); ++i) {
        if (section_levels[i].context == c.id) {
            return i;
        }
    }
    return none;
}

// What stretches at level `masks` of contexts that interrupt at `level` are to the race checker.
uint64_t stretch_object(unsigned cpu, unsigned level, unsigned masks) {
    return cpu_object(cpu) + 8 * (1 + level * levels + masks);
}

// Who masks nothing is ordered with no interrupt.
void stretch_begins(context& c, unsigned masks) {
    if (!on_interruptible_cpu(c) || masks == 0) {
        return;
    }
    for (unsigned level = 0; level <= masks; ++level) {
        for (unsigned other = std::max(c.interrupt_level * 1U, 1U); other < levels; ++other) {
            race_acquire_for(c, stretch_object(c.cpu, level, other));
        }
    }
}

void stretch_ends(const context& c, unsigned masks) {
    if (on_interruptible_cpu(c) && masks != 0) {
        race_release_join(stretch_object(c.cpu, c.interrupt_level, masks));
    }
}

unsigned level_of_cpu(unsigned cpu) {
    const uint8_t holder = g.cpu_holder[cpu];
    unsigned level = holder != 0xff ? g.contexts[holder].level : 0;
    for (uint64_t rest = g.interrupts; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        level = c.cpu == cpu ? std::max<unsigned>(level, c.level) : level;
    }
    return level;
}

void publish(context& c, op_kind kind, uint64_t pc, unsigned from, unsigned to) {
    c.op = operation{};
    c.op.kind = kind;
    c.op.object = cpu_object(c.cpu);
    c.op.cpu = static_cast<uint8_t>(c.cpu + 1);
    c.op.on_cpu = true;
    c.op.level_from = static_cast<uint8_t>(from);
    c.op.level_to = static_cast<uint8_t>(to);
    c.op.operand = c.interrupt_level;
    c.op.pc = pc;
    g.enabled |= c.bit;
    wait_for_turn(c);
}

// For who knows where one may sleep.
void tell_region(rule_word word, uint64_t pc) {
    const char* const names[levels] = {"",           "at level 1", "at level 2", "at level 3",
                                       "at level 4", "at level 5", "at level 6", "at level 7"};
    const context& c = *g.current;
    tell_checkers(&checker::said, c,
                  rule_event{word, interrupt_region, 0, 0, names[c.interrupt_level], pc});
}

}  // namespace

const context* interrupted_by_or_null(const context& c) {
    const context* lowest = nullptr;
    for (uint64_t rest = g.interrupts & ~c.bit; rest != 0; rest &= rest - 1) {
        const context& other = g.contexts[__builtin_ctzll(rest)];
        if (other.cpu == c.cpu && other.interrupt_level > c.interrupt_level &&
            (lowest == nullptr || other.interrupt_level < lowest->interrupt_level)) {
            lowest = &other;
        }
    }
    return lowest;
}

uint64_t not_interrupted(uint64_t possible) {
    for (uint64_t rest = g.sharers & possible; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        const bool waits = c.interrupt_level != 0 && !has_begun(c)
                               ? level_of_cpu(c.cpu) >= c.interrupt_level
                               : g.interrupts != 0 && interrupted_by_or_null(c) != nullptr;
        possible &= waits ? ~c.bit : ~0ULL;
    }
    return possible;
}

void step_on_cpu(context& c) {
    c.op.on_cpu = on_interruptible_cpu(c);
    if (!c.op.on_cpu) {
        c.op.cpu = 0;
        return;
    }
    c.op.cpu = static_cast<uint8_t>(c.cpu + 1);
    c.op.level_from = c.op.level_to = c.interrupt_level;
    if (c.op.kind == op_kind::rmw) {
        c.op.aux = update_plain;  // it commutes with nothing that is done on its CPU
    }
}

void point_of_interrupt(context& c, bool can_go_on) {
    c.op.tries = c.op.takes_cpu = false;
    step_on_cpu(c);
    check_level_of_section(c);
    g.enabled = can_go_on ? g.enabled | c.bit : g.enabled & ~c.bit;
    if (!can_go_on && g.choosing) {
        keep_block(c);
    }
    wait_for_turn(c);
}

void begin_interrupt(unsigned level, uint64_t pc) {
    context& c = *g.current;
    c.interrupt_level = static_cast<uint8_t>(level);
    g.sharers |= c.bit;
    publish(c, op_kind::interrupt, pc, 0, level);
    c.level = c.interrupt_level;
    g.interrupts |= c.bit;
    stretch_begins(c, level);
    operation_done(c);
    tell_region(rule_word::enter, pc);
}

void end_interrupt(uint64_t pc) {
    context& c = *g.current;
    tell_region(rule_word::leave, pc);
    publish(c, op_kind::interrupt_end, pc, c.level, 0);
    g.interrupts &= ~c.bit;
    g.sharers &= ~c.bit;
    stretch_ends(c, c.level);
    operation_done(c);
    c.op = operation{};
}

unsigned change_level(unsigned level, uint64_t pc) {
    context& c = *g.current;
    const unsigned was = c.level;
    if (level == was) {
        return was;
    }
    if (c.section_depth != 0 && level_at_begin(c) == none) {
        host_scope host;
        section_levels.push_back({c.id, static_cast<uint8_t>(was)});
    }
    const bool step = (g.sharers & c.bit) != 0 && on_interruptible_cpu(c) && c.section_depth == 0;
    if (step) {
        publish(c, level > was ? op_kind::raise_level : op_kind::lower_level, pc, was, level);
    }
    stretch_ends(c, was);
    c.level = static_cast<uint8_t>(level);
    stretch_begins(c, level);
    if (step) {
        operation_done(c);
    }
    return was;
}

void section_level_is_set(uint64_t pc) {
    context& c = *g.current;
    const size_t i = section_levels.empty() ? none : level_at_begin(c);
    if (i == none) {
        return;
    }
    const unsigned was = section_levels[i].level;
    const unsigned now = c.level;
    {
        host_scope host;
        section_levels.erase(i);
    }
    if (was == now || (g.sharers & c.bit) == 0 || !on_interruptible_cpu(c)) {
        return;
    }
    stretch_ends(c, now);
    c.level = static_cast<uint8_t>(was);
    publish(c, now > was ? op_kind::raise_level : op_kind::lower_level, pc, was, now);
    c.level = static_cast<uint8_t>(now);
    stretch_begins(c, now);
    operation_done(c);
}

void check_level_of_section(const context& c) {
    if (c.section_depth == 0 || section_levels.empty() || level_at_begin(c) == none) {
        return;
    }
    host_scope host;
    finding f;
    f.kind = finding_kind::unsupported;
    f.pc = c.op.pc;
    f.address = c.op.object;
    f.text = fmt::format(
        "it waits for {} in a section (heddle_section_begin) in which it has changed the level of "
        "cpu{}: a section is one operation and must not wait",
        describe_address(c.op.object), c.cpu);
    report(f);
}

void level_is_back(context& c) {
    stretch_begins(c, c.level);
}

void level_is_gone(const context& c) {
    stretch_ends(c, c.level);
}

void check_not_of_host(const context& owner, uint64_t mutex, uint64_t pc) {
    const context& c = *g.current;
    if (c.interrupt_level == 0 || !has_begun(c) || (g.sharers & owner.bit) == 0 ||
        owner.cpu != c.cpu || owner.interrupt_level >= c.interrupt_level) {
        return;
    }
    host_scope host;
    finding f;
    f.kind = finding_kind::deadlock;
    f.pc = pc;
    f.address = mutex;
    f.other_context = owner.id;
    f.text = fmt::format(
        "{}, an interrupt of level {} on cpu{}, waits for {}, which {} holds; {} cannot go on "
        "before the interrupt has ended. Who holds it needs a level of at least {}",
        name_of_context(c.id), c.interrupt_level, c.cpu, describe_address(mutex),
        name_of_context(owner.id), name_of_context(owner.id), c.interrupt_level);
    report(f);
}

}  // namespace sim
