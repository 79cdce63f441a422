#include "sim/memory/graph.h"

#include <algorithm>
#include <cstring>

#include "sim/check/race.h"
#include "sim/dependence.h"
#include "sim/machine/machine.h"
#include "sim/memory/orders.h"

namespace sim {

memory_model chosen_memory = memory_model::interleaving;
await_looks chosen_awaits = await_looks::once;
execution_graph graph;

const char* name_of(memory_model model) {
    static constexpr const char* names[] = {"interleaving", "sc", "tso", "c11"};
    return names[static_cast<size_t>(model)];
}

memory_model memory_model_named(const std::string& name) {
    for (const memory_model m : {memory_model::sc, memory_model::tso, memory_model::c11}) {
        if (name == name_of(m)) {
            return m;
        }
    }
    return memory_model::interleaving;
}

void join(prefix_clock& to, const prefix_clock& from) {
    for (unsigned i = 0; i < contexts_max; ++i) {
        to.at[i] = to.at[i] < from.at[i] ? from.at[i] : to.at[i];
    }
}

namespace {

void copy(vector_clock& to, const vector_clock& from) {
    std::memcpy(to.at, from.at, g.clock_width * sizeof to.at[0]);
    std::memset(to.at + g.clock_width, 0, (contexts_max - g.clock_width) * sizeof to.at[0]);
}

const std::vector<uint32_t> no_uses;

uint64_t value_in_memory(uint64_t address, uint32_t size) {
    uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(address), size);
    return value;
}

}  // namespace

void execution_graph::clear() {
    used_ = locations_used_ = seq_cst_ = weaker_ = 0;
    order_.clear();
    ordered_ = 0;
    chains_used_ = 0;
    step_events_.clear();
    for (uint64_t rest = touched_; rest != 0; rest &= rest - 1) {
        const auto c = static_cast<unsigned>(__builtin_ctzll(rest));
        by_context_[c].clear();
        ahead_[c] = {};
    }
    touched_ = 0;
}

const std::vector<uint32_t>& execution_graph::uses_of(uint64_t object) const {
    for (size_t i = 0; i < chains_used_; ++i) {
        if (chains_[i].first == object) {
            return chains_[i].second;
        }
    }
    return no_uses;
}

prefix_clock execution_graph::ahead_of(const context& c) const {
    prefix_clock ahead = ahead_[c.id];
    // Who was woken comes after its waker.
    if (const uint32_t waker = c.granted_at == 0 ? initial_event : event_of_step(c.granted_at);
        waker != initial_event) {
        join(ahead, events_[waker].before);
    }
    return ahead;
}

void execution_graph::goes_on(const context& c) {
    if (by_context_[c.id].empty()) {
        return;
    }
    graph_event& last = events_[by_context_[c.id].back()];
    if (last.location == no_location && last.kind != op_kind::fence) {
        copy(last.known, c.clock);
    }
}

graph_event& execution_graph::new_event(const context& c, op_kind kind, uint8_t order) {
    goes_on(c);
    if (used_ == events_.size()) {
        events_.emplace_back();
    }
    graph_event& e = events_[used_];
    e.kind = kind;
    e.order = order;
    e.context = c.id;
    e.reads = e.writes = e.drains = false;
    e.location = no_location;
    e.from = e.next_reader = initial_event;
    e.links = 0;
    e.epoch = c.clock.at[c.id];
    e.step = g.steps;
    touched_ |= c.bit;
    by_context_[c.id].push_back(used_);
    e.index = static_cast<uint32_t>(by_context_[c.id].size());
    e.ahead = ahead_of(c);
    e.before = e.ahead;
    e.before.at[c.id] = static_cast<uint16_t>(e.index);
    ahead_[c.id] = e.before;
    copy(e.known, c.clock);
    copy(e.met, c.clock);
    ++used_;
    return e;
}

void execution_graph::link_to(graph_event& e, uint32_t number, uint64_t object) {
    size_t i = 0;
    while (i < chains_used_ && chains_[i].first != object) {
        ++i;
    }
    if (i == chains_used_) {
        if (i == chains_.size()) {
            chains_.emplace_back();
        }
        chains_[i].first = object;
        chains_[i].second.clear();
        ++chains_used_;
    }
    std::vector<uint32_t>& uses = chains_[i].second;
    if (!uses.empty()) {
        graph_event& last = events_[uses.back()];
        for (unsigned k = 0; k < last.links; ++k) {
            last.link[k].next = last.link[k].object == object ? number : last.link[k].next;
        }
        join(e.before, last.before);
    }
    uses.push_back(number);
    e.link[e.links++] = {object, initial_event};
}

void execution_graph::add_step(context& c) {
    if (c.op.kind == op_kind::point && c.op.object != 0) {
        const std::vector<uint32_t>& told = uses_of(c.op.object);
        race_meets(c, told.empty() ? c.clock : events_[told.back()].known);
    }
    const uint32_t number = used_;
    graph_event& e = new_event(c, c.op.kind, 5);
    e.drains = true;
    uint64_t objects[links_max];
    const unsigned n = objects_of(c.op, objects);
    for (unsigned i = 0; i < n; ++i) {
        link_to(e, number, objects[i]);
    }
    ahead_[c.id] = e.before;
    step_events_.resize(g.steps, initial_event);
    step_events_.back() = number;
}

// As long as it is needed: where every access is seq_cst, one order is enough (orders.h).
void execution_graph::keep_order() {
    if (chosen_memory != memory_model::c11 || weaker_ == 0) {
        return;
    }
    for (; ordered_ < used_; ++ordered_) {
        order_.add(*this, ordered_);
    }
}

void execution_graph::add_fence(const context& c, uint8_t order, uint32_t epoch) {
    graph_event& e = new_event(c, op_kind::fence, order);
    e.epoch = epoch;
    e.drains = order == 5;
    seq_cst_ += e.drains ? 1 : 0;
    weaker_ += 1;  // what a fence does needs to be looked at
    keep_order();
}

graph_location& execution_graph::new_location(uint64_t address, uint32_t size) {
    if (locations_used_ == locations_.size()) {
        locations_.emplace_back();
    }
    graph_location& l = locations_[locations_used_++];
    l.address = address;
    l.size = size;
    l.writes.clear();
    l.settled = initial_event;
    l.writes.emplace_back();
    l.writes.back().value = value_in_memory(address, size);
    std::memset(&l.writes.back().released, 0, sizeof(vector_clock));
    return l;
}

uint32_t execution_graph::find(uint64_t address, uint32_t size) {
    for (uint32_t i = locations_used_; i-- > 0;) {
        graph_location& l = locations_[i];
        if (l.address == 0 || l.address >= address + size || address >= l.address + l.size) {
            continue;
        }
        if (l.address != address || l.size != size) {
            return no_location;
        }
        if (l.writes.back().value == value_in_memory(address, size)) {
            return i;
        }
        l.address = 0;  // a plain write: whoever comes now is ordered after it, or races
    }
    new_location(address, size);
    return locations_used_ - 1;
}

uint32_t execution_graph::floor_of(uint32_t location, const vector_clock& known,
                                   uint32_t self) const {
    const graph_location& l = locations_[location];
    const uint32_t settled = l.settled == initial_event ? 0 : events_[l.settled].place;
    const auto is_known = [&](uint32_t number) {
        const graph_event& e = events_[number];
        // Epochs do not tell what its own context did before it from what came later.
        if (self != initial_event && e.context == events_[self].context) {
            return e.index < events_[self].index;
        }
        return known.at[e.context] >= e.epoch;
    };
    for (auto place = static_cast<uint32_t>(l.writes.size()); place-- > 0;) {
        const graph_write& w = l.writes[place];
        if (place == settled || is_known(w.event)) {
            return place;
        }
        for (uint32_t r = w.first_reader; r != initial_event; r = events_[r].next_reader) {
            if (is_known(r)) {
                return place;
            }
        }
    }
    return 0;
}

bool execution_graph::has_seen_a_stale_write(uint8_t context) const {
    const graph_event& e = events_[by_context_[context].back()];
    return e.reads && locations_[e.location].writes.back().event != e.from;
}

void execution_graph::insert_write(graph_location& l, uint32_t at, graph_write&& w) {
    l.writes.insert(l.writes.begin() + at, std::move(w));
    for (size_t i = at; i < l.writes.size(); ++i) {
        events_[l.writes[i].event].place = static_cast<uint32_t>(i);
    }
}

void execution_graph::add_access(const context& c, op_kind kind, const proposed_access& a,
                                 const vector_clock& met, uint64_t value) {
    const uint32_t number = used_;
    graph_event& e = new_event(c, kind, a.order);
    copy(e.met, met);
    e.reads = a.reads;
    e.writes = a.writes;
    e.location = a.location;
    (a.order == 5 ? seq_cst_ : weaker_) += 1;
    e.drains = kind == op_kind::rmw || kind == op_kind::cas || (a.writes && a.order == 5);
    graph_location& l = locations_[a.location];
    if (a.reads) {
        graph_write& w = l.writes[a.place];
        e.from = w.event;
        e.next_reader = w.first_reader;
        w.first_reader = number;
        if (w.event != initial_event) {
            join(e.before, events_[w.event].before);
        }
    }
    ahead_[c.id] = e.before;
    if (a.writes) {
        graph_write w;
        w.event = number;
        w.value = value;
        if (a.reads) {
            w.released = l.writes[a.place].released;
        } else {
            std::memset(&w.released, 0, sizeof w.released);
        }
        insert_write(l, a.place + 1, std::move(w));
    }
    keep_order();
    step_events_.resize(g.steps, initial_event);
    step_events_.back() = number;
}

void execution_graph::created(const context* parent, const context& child) {
    touched_ |= child.bit;
    by_context_[child.id].clear();
    ahead_[child.id] = parent != nullptr ? ahead_[parent->id] : prefix_clock{};
}

void execution_graph::joined(const context& waiter, const context& finished) {
    touched_ |= waiter.bit;
    join(ahead_[waiter.id], ahead_[finished.id]);
}

void execution_graph::time_passed() {
    prefix_clock all;
    for (unsigned c = 0; c < contexts_max; ++c) {
        all.at[c] = static_cast<uint16_t>(by_context_[c].size());
    }
    for (prefix_clock& ahead : ahead_) {
        join(ahead, all);
    }
    touched_ = ~0ULL;
    for (uint32_t i = 0; i < locations_used_; ++i) {
        locations_[i].settled = locations_[i].writes.back().event;
    }
}

void execution_graph::forget(uint64_t begin, uint64_t size) {
    for (uint32_t i = 0; i < locations_used_; ++i) {
        graph_location& l = locations_[i];
        l.address = l.address < begin + size && begin < l.address + l.size ? 0 : l.address;
    }
}

bool admits(const execution_graph& of, const proposed_access& a, const vector_clock& known) {
    switch (chosen_memory) {
        case memory_model::sc:
            return sc_admits(of, a);
        case memory_model::tso:
            return tso_admits(of, a);
        case memory_model::c11:
            return rc11_admits(of, a, known);
        default:
            return false;
    }
}

}  // namespace sim
