#include "sim/memory/orders.h"

namespace sim {

namespace {

// Everything that comes after an event, by one edge at a time.
class search {
  public:
    search(const execution_graph& of, bool buffers) : graph_(of), buffers_(buffers) {
        seen_.assign((of.size() + 63) / 64, 0);
    }

    void visit(uint32_t event) {
        if (event != initial_event && (seen_[event / 64] >> event % 64 & 1) == 0) {
            seen_[event / 64] |= 1ULL << event % 64;
            todo_.push_back(event);
        }
    }
    void follow() {
        while (!todo_.empty()) {
            const uint32_t at = todo_.back();
            todo_.pop_back();
            leave(at);
        }
    }
    [[nodiscard]] bool saw(uint32_t event) const {
        return event != initial_event && (seen_[event / 64] >> event % 64 & 1) != 0;
    }

  private:
    void leave(uint32_t number) {
        const graph_event& e = graph_.event(number);
        visit_program(e);
        for (unsigned i = 0; i < e.links; ++i) {
            visit(e.link[i].next);
        }
        if (e.location == no_location) {
            return;
        }
        const std::vector<graph_write>& writes = graph_.location(e.location).writes;
        if (e.writes) {
            const graph_write& w = writes[e.place];
            for (uint32_t r = w.first_reader; r != initial_event; r = graph_.event(r).next_reader) {
                // The context itself sees what is in its buffer.
                if (!buffers_ || graph_.event(r).context != e.context) {
                    visit(r);
                }
            }
            visit_write(writes, e.place + 1);
        }
        if (e.reads) {
            visit_write(writes, place_of(e.from) + 1);
        }
    }
    void visit_write(const std::vector<graph_write>& writes, size_t place) {
        if (place < writes.size()) {
            visit(writes[place].event);
        }
    }
    [[nodiscard]] uint32_t place_of(uint32_t write) const {
        return write == initial_event ? 0 : graph_.event(write).place;
    }
    // A store that waits in the buffer lets loads pass until something drains it. Fences that do not drain are nothing.
    void visit_program(const graph_event& e) {
        const uint32_t count = graph_.count_of(e.context);
        const bool delayed = buffers_ && e.writes && !e.drains;
        for (uint32_t i = e.index + 1; i <= count; ++i) {
            const uint32_t next = graph_.nth_of(e.context, i);
            const graph_event& n = graph_.event(next);
            const bool load = n.reads && !n.drains;
            const bool nothing = buffers_ && n.kind == op_kind::fence && !n.drains;
            if ((delayed && load) || nothing) {
                continue;
            }
            visit(next);
            // The rest follows from it, but for loads that pass a store.
            const bool store = buffers_ && n.writes && !n.drains;
            if (n.drains || (!delayed && !store)) {
                return;
            }
        }
    }

    const execution_graph& graph_;
    bool buffers_;
    std::vector<uint64_t> seen_;
    std::vector<uint32_t> todo_;
};

// Whether the write behind the new access's place is already before the access.
bool closes_cycle(const execution_graph& of, const proposed_access& a, bool buffers) {
    const graph_location& l = of.location(a.location);
    if (a.place + 1 >= l.writes.size()) {
        return false;
    }
    search s(of, buffers);
    s.visit(l.writes[a.place + 1].event);
    s.follow();
    // What is right before it in its program.
    const uint32_t count = of.count_of(a.context);
    const bool waits = a.writes || a.updates;
    bool drained = false;
    for (uint32_t i = count; i > 0; --i) {
        const uint32_t number = of.nth_of(a.context, i);
        const graph_event& e = of.event(number);
        const bool passes = buffers && !waits && !drained && e.writes && !e.drains;
        if (!passes && s.saw(number)) {
            return true;
        }
        drained |= e.drains;
        if (!buffers) {
            break;
        }
    }
    const graph_write& w = l.writes[a.place];
    const bool own = w.event != initial_event && of.event(w.event).context == a.context;
    if (a.reads && !(buffers && own && !a.updates) && s.saw(w.event)) {
        return true;
    }
    if (!a.writes) {
        return false;
    }
    if (s.saw(w.event)) {
        return true;
    }
    for (uint32_t r = w.first_reader; r != initial_event; r = of.event(r).next_reader) {
        if (s.saw(r)) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool sc_admits(const execution_graph& of, const proposed_access& a) {
    return !closes_cycle(of, a, false);
}

bool tso_admits(const execution_graph& of, const proposed_access& a) {
    return !closes_cycle(of, a, true);
}

}  // namespace sim
