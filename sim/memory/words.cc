#include "sim/memory/words.h"

#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/race.h"
#include "sim/machine/memory.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/memory/weakened.h"

namespace sim {

const access_options* options_asked = nullptr;

namespace {

access_options options;

// What a compare-and-swap expects; others write whatever they take.
struct expectation {
    bool any = true;
    uint64_t value = 0;
    uint8_t fail_order = 0;
    const operation* await = nullptr;  // only where it holds
};

uint32_t location_of(const context& c, uint32_t size, uint64_t pc) {
    uint32_t l;
    {
        host_scope host;
        l = graph.find(c.op.object, size);
    }
    if (l == no_location) {
        finding f;
        f.kind = finding_kind::unsupported;
        f.pc = pc;
        f.text =
            "atomic accesses of different sizes to the same bytes, which no memory model here "
            "describes";
        report(f);
        end_execution(execution_end::fatal);
    }
    return l;
}

// A write in this place was taken by a read-modify-write: nothing comes between the two.
bool is_taken(const graph_location& l, uint32_t place) {
    return place + 1 < l.writes.size() && graph.event(l.writes[place + 1].event).reads;
}

// What a read of this place would be ordered after.
void known_after(const proposed_access& a, vector_clock& known) {
    const bool acquires = a.order == 1 || a.order == 2 || a.order >= 4;
    if (a.reads && acquires) {
        const vector_clock& more = graph.location(a.location).writes[a.place].released;
        for (unsigned i = 0; i < g.clock_width; ++i) {
            known.at[i] = known.at[i] < more.at[i] ? more.at[i] : known.at[i];
        }
    }
}

void find_options(const context& c, proposed_access a, const expectation& expected) {
    graph.goes_on(c);
    options.of.clear();
    options.taken_places.clear();
    const graph_location& l = graph.location(a.location);
    const uint32_t floor = graph.floor_of(a.location, c.clock);
    const bool updates = a.updates;
    const uint8_t order = a.order;
    for (auto place = static_cast<uint32_t>(l.writes.size()); place-- > floor;) {
        a.place = place;
        if (expected.await != nullptr && !holds(*expected.await, l.writes[place].value)) {
            continue;
        }
        if (updates) {
            a.writes = expected.any || l.writes[place].value == expected.value;
            a.order = a.writes ? order : expected.fail_order;
        }
        if (a.writes && is_taken(l, place)) {
            if (updates) {
                options.taken_places.push_back(place);
            }
            continue;
        }
        if (place + 1 != l.writes.size()) {
            vector_clock known = c.clock;
            known_after(a, known);
            if (!admits(graph, a, known)) {
                continue;
            }
        }
        options.of.push_back(a);
    }
}

// For whoever looks at the execution: whose write was taken, and whether it was the last.
void tell(const proposed_access& a) {
    if (g.record != nullptr) {
        const graph_location& l = graph.location(a.location);
        const uint32_t from = a.reads ? l.writes[a.place].event : initial_event;
        g.record->source(from == initial_event ? 0 : graph.event(from).step,
                         a.place + 1 != l.writes.size());
    }
}

// Asks which of several.
const proposed_access& choose_access(const context& c, const proposed_access& a,
                                     const expectation& expected) {
    host_scope host;
    find_options(c, a, expected);
    HEDDLE_ASSERT(!options.of.empty());
    options_asked = &options;
    const uint32_t n = choose_alternative(static_cast<uint32_t>(options.of.size()));
    options_asked = nullptr;
    tell(options.of[n]);
    return options.of[n];
}

// Memory holds the last write. An update that leaves the value is none to who looks for loops (spin.h).
void leave_in_memory(const graph_location& l, uint32_t place, uint64_t value) {
    if (place + 1 == l.writes.size() &&
        std::memcmp(reinterpret_cast<const void*>(l.address), &value, l.size) != 0) {
        if ((g.checks & check_undo) != 0) {
            note_write(l.address - region_base, l.size);
        }
        std::memcpy(reinterpret_cast<void*>(l.address), &value, l.size);
    }
}

graph_update take(context& c, uint32_t size, uint8_t order, const expectation& expected,
                  uint64_t pc) {
    c.op.order = order;
    proposed_access a{c.id, order, true, true, true, location_of(c, size, pc), 0};
    graph_update u;
    u.access = choose_access(c, a, expected);
    u.writes = u.access.writes;
    const graph_write& w = graph.location(a.location).writes[u.access.place];
    u.taken = w.value;
    u.met = c.clock;
    race_word(c.op.object - region_base, size, u.writes, pc);
    race_learn(u.access.order, w.released);
    if (!u.writes) {
        host_scope host;
        graph.add_access(c, op_kind::cas, u.access, u.met, 0);
    }
    return u;
}

}  // namespace

bool is_word_access(const operation& op) {
    switch (op.kind) {
        case op_kind::load:
        case op_kind::store:
        case op_kind::rmw:
        case op_kind::cas:
        case op_kind::await:
            return in_region(op.object);
        default:
            return false;
    }
}

const access_options& last_options() {
    return options;
}

namespace {

uint64_t load(context& c, uint32_t size, uint8_t order, const expectation& expected, uint64_t pc) {
    const proposed_access a =
        choose_access(c, {c.id, order, true, false, false, location_of(c, size, pc), 0}, expected);
    const graph_write& w = graph.location(a.location).writes[a.place];
    const vector_clock met = c.clock;
    race_word(c.op.object - region_base, size, false, pc);
    race_learn(order, w.released);
    host_scope host;
    const uint64_t value = w.value;
    graph.add_access(c, c.op.kind, a, met, 0);
    return value;
}

}  // namespace

uint64_t graph_load(context& c, uint32_t size, uint8_t order, uint64_t pc) {
    c.op.order = order_of(c, pc, ordered::load, order);
    return load(c, size, c.op.order, {}, pc);
}

uint64_t graph_await(context& c, bool holding) {
    expectation expected;
    expected.await = holding ? &c.op : nullptr;
    constexpr uint8_t seq_cst = 5;  // as natively (annotate.h)
    return load(c, c.op.size, seq_cst, expected, c.op.pc);
}

void graph_store(context& c, uint32_t size, uint8_t order, uint64_t value, uint64_t pc) {
    order = c.op.order = order_of(c, pc, ordered::store, order);
    const proposed_access a =
        choose_access(c, {c.id, order, false, true, false, location_of(c, size, pc), 0}, {});
    race_word(c.op.object - region_base, size, true, pc);
    leave_in_memory(graph.location(a.location), a.place, value);
    host_scope host;
    graph.add_access(c, op_kind::store, a, c.clock, value);
    graph.set_released([&](vector_clock& released) { race_publish(order, released); });
}

graph_update graph_update_takes(context& c, uint32_t size, uint8_t order, uint64_t pc) {
    return take(c, size, order_of(c, pc, ordered::update, order), {}, pc);
}

graph_update graph_cas_takes(context& c, uint32_t size, uint64_t expected, uint8_t order,
                             uint8_t fail_order, uint64_t pc) {
    return take(c, size, order_of(c, pc, ordered::cas, order),
                {false, expected, order_of(c, pc, ordered::failed_cas, fail_order)}, pc);
}

void graph_update_leaves(context& c, const graph_update& u, uint64_t value) {
    leave_in_memory(graph.location(u.access.location), u.access.place, value);
    host_scope host;
    graph.add_access(c, c.op.kind, u.access, u.met, value);
    graph.set_released([&](vector_clock& released) { race_publish(u.access.order, released); });
}

}  // namespace sim
