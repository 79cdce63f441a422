#include "sim/explore/graph_search.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/memory/words.h"

namespace sim {

namespace {

event_name name_of_event(uint32_t event) {
    return event == initial_event
               ? event_name{}
               : event_name{graph.event(event).context, graph.event(event).index};
}

// The write that an access reads, or comes behind.
event_name place_of(const proposed_access& a) {
    return name_of_event(graph.location(a.location).writes[a.place].event);
}

}  // namespace

bool graph_search::begin() {
    forget_path();
    if (left_.empty()) {
        return false;
    }
    left_.take_last(steps_, reversals_, path_);
    planned_ = steps_.size();
    at_ = 0;
    in_vain_ = false;
    return true;
}

void graph_search::forget_path() {
    for (const int32_t node : path_) {
        left_.release(node);
    }
    path_.clear();
}

void graph_search::restart() {
    path_.clear();
    left_.clear();
    left_.leave_root();
    bound_mattered_ = may_have_missed_ = false;
    given_up_ = 0;
}

void graph_search::begin_unit(work_unit unit) {
    restart();
    unit_ = unit.id;
    left_ = std::move(unit.graphs);
}

unit_rest graph_search::end_unit() {
    forget_path();
    unit_rest rest;
    rest.id = unit_;
    rest.begun = true;
    rest.graphs = std::move(left_);
    rest.bound_mattered = bound_mattered_;
    rest.may_have_missed = may_have_missed_;
    restart();
    return rest;
}

uint8_t graph_search::give_up() {
    in_vain_ = true;
    return choose_stop;
}

uint8_t graph_search::choose(const choice_view& view) {
    host_scope host;
    if (!learn_last()) {
        return give_up();
    }
    if (at_ == planned_) {
        graph_step s;
        s.context = static_cast<uint8_t>(__builtin_ctzll(view.enabled));
        if (const context& c = view.contexts[s.context]; !is_word_access(c.op)) {
            revisit_uses(c);
        }
        steps_.push_back(std::move(s));
        ++planned_;
    }
    graph_step& s = steps_[at_];
    if ((view.enabled >> s.context & 1) == 0) {
        return give_up();  // it cannot be put there
    }
    const context& c = view.contexts[s.context];
    may_have_missed_ |=
        g.interruptible != 0 || (c.op.kind == op_kind::await && (g.sharers & c.bit) != 0);
    s.event = initial_event;
    alternatives_at_ = 0;
    ++at_;
    return s.context;
}

uint32_t graph_search::pick(const choice_view&, uint32_t n) {
    graph_step& s = steps_[at_ - 1];
    if (options_asked != nullptr) {
        const std::vector<proposed_access>& of = options_asked->of;
        if (s.fixed) {
            const auto it = std::find_if(of.begin(), of.end(), [&](const proposed_access& a) {
                return place_of(a) == s.at;
            });
            return it == of.end() ? 0 : static_cast<uint32_t>(it - of.begin());
        }
        for (uint32_t i = n; --i != 0;) {
            graph_step other = s;
            other.fixed = true;
            other.at = place_of(of[i]);
            // What a store is put before does not depend on where it comes.
            other.fresh = of[i].reads;
            leave_with(std::move(other));
        }
        return 0;
    }
    if (alternatives_at_ == s.alternatives.size()) {
        s.alternatives.push_back(0);
        for (uint32_t i = n; --i != 0;) {
            graph_step other = s;
            other.alternatives.back() = static_cast<uint8_t>(i);
            leave_with(std::move(other));
        }
    }
    return s.alternatives[alternatives_at_++];
}

// To be done later, behind so many steps of this execution: one more is other than it would be by itself.
void graph_search::leave(size_t done, graph_beginnings::cut what, steps behind) {
    if (reversals_ == reversals_max_) {
        bound_mattered_ = true;
        return;
    }
    while (path_.size() < done) {
        path_.push_back(left_.add_node(path_.empty() ? graph_beginnings::no_path : path_.back(),
                                       steps_[path_.size()]));
    }
    left_.leave(done == 0 ? graph_beginnings::no_path : path_[done - 1], std::move(what),
                std::move(behind), reversals_ + 1);
    kept_steps_max_ = std::max(kept_steps_max_, left_.kept_steps());
}

// The same up to here, and then another last step.
void graph_search::leave_with(graph_step&& last) {
    steps behind;
    behind.push_back(std::move(last));
    leave(at_ - 1, {}, std::move(behind));
}

// What a revisit keeps, and then what it puts first.
void graph_search::leave_kept(const revisit& r, steps behind) {
    graph_beginnings::cut what;
    what.first = r.first;
    what.self = r.self;
    const auto* end = std::find_if(std::make_reverse_iterator(std::end(r.prefix.at)),
                                   std::make_reverse_iterator(std::begin(r.prefix.at)),
                                   [](uint16_t known) { return known != 0; })
                          .base();
    what.prefix.assign(std::begin(r.prefix.at), end);
    leave(at_, std::move(what), std::move(behind));
}

// What the last step has done. False: not what it was to do.
bool graph_search::learn_last() {
    if (at_ == 0 || steps_[at_ - 1].event != initial_event) {
        return !in_vain_;
    }
    graph_step& s = steps_[at_ - 1];
    s.event = graph.event_of_step(static_cast<uint32_t>(at_));
    s.location = no_location;
    s.reads = s.writes = false;
    if (s.event == initial_event) {
        s.index = graph.count_of(s.context) + 1;
        return true;
    }
    const graph_event& e = graph.event(s.event);
    s.index = e.index;
    s.location = e.location;
    s.reads = e.reads;
    s.writes = e.writes;
    if (e.location == no_location) {
        return true;
    }
    const uint32_t behind = e.reads ? e.from : graph.location(e.location).writes[e.place - 1].event;
    if (s.fixed && s.at != name_of_event(behind)) {
        in_vain_ = true;
        return false;
    }
    const bool is_new = !std::exchange(s.fixed, true);
    s.at = name_of_event(behind);
    if (std::exchange(s.fresh, false)) {
        look_back(s, is_new);
    }
    return true;
}

// What a new access could have been put before.
void graph_search::look_back(graph_step& s, bool is_new) {
    const graph_event& e = graph.event(s.event);
    const auto places = static_cast<uint32_t>(graph.location(e.location).writes.size());
    if (e.writes && !e.reads) {
        revisit_reads(s, e.location, e.before, graph.floor_of(e.location, e.met, s.event),
                      places - 1);
    }
    if (e.writes && e.reads) {
        revisit_reads(s, e.location, e.before, e.place - 1, e.place - 1);
    }
    if (!is_new) {
        return;
    }
    // Writes that another update has taken, which would have to come after this one then.
    const std::vector<uint32_t> taken = last_options().taken_places;
    for (uint32_t place : taken) {
        // This one stands in the order by now.
        const uint32_t now = place + (e.writes && e.place <= place ? 1 : 0);
        prefix_clock prefix = e.ahead;
        if (const uint32_t w = graph.location(e.location).writes[now].event; w != initial_event) {
            join(prefix, graph.event(w).before);
        }
        revisit_reads(s, e.location, prefix, now, now);
    }
}

// The new write, behind one of these places, is read by who has read something else.
void graph_search::revisit_reads(const graph_step& s, uint32_t location, const prefix_clock& prefix,
                                 uint32_t first_place, uint32_t last_place) {
    const std::vector<graph_write>& writes = graph.location(location).writes;
    for (const graph_write& w : writes) {
        for (uint32_t r = w.first_reader; r != initial_event; r = graph.event(r).next_reader) {
            const revisit v{r, prefix, s.event};
            if (r == s.event || graph.is_before(r, prefix) || !all_maximal(v)) {
                continue;
            }
            const uint32_t floor =
                std::max(first_place, graph.floor_of(location, graph.event(r).met, r));
            for (uint32_t place = floor; place <= last_place; ++place) {
                const uint32_t behind = writes[place].event;
                if (behind == s.event || (behind != initial_event && !v.keeps(behind))) {
                    continue;
                }
                // Nothing comes between a write and the update that has taken it.
                const uint32_t next =
                    place + 1 < writes.size() ? writes[place + 1].event : initial_event;
                if (next != initial_event && next != s.event && graph.event(next).reads &&
                    v.keeps(next)) {
                    continue;
                }
                add_revisit(s, v, place);
            }
        }
    }
}

void graph_search::add_revisit(const graph_step& s, const revisit& r, uint32_t place) {
    steps more;
    graph_step write = s;
    write.pinned = true;
    write.fresh = false;
    write.fixed = true;
    write.at = name_of_event(graph.location(graph.event(s.event).location).writes[place].event);
    more.push_back(std::move(write));
    graph_step read;
    read.context = graph.event(r.first).context;
    read.fixed = true;
    read.moved = true;
    // Its number there does not change: what is before it in its program is before it in the graph.
    const graph_event& e = graph.event(s.event);
    read.at = {e.context, e.index};
    more.push_back(std::move(read));
    leave_kept(r, std::move(more));
}

// The context is about to use objects as a whole: it could have done so before others.
void graph_search::revisit_uses(const context& c) {
    uint64_t objects[objects_max];
    const unsigned n = objects_of(c.op, objects);
    const prefix_clock prefix = graph.ahead_of(c);
    for (unsigned i = 0; i < n; ++i) {
        uint64_t others[objects_max];
        unsigned m = 0;
        for (unsigned k = 0; k < n; ++k) {
            if (k != i) {
                others[m++] = objects[k];
            }
        }
        for (const uint32_t use : graph.uses_of(objects[i])) {
            if (!graph.is_before(use, prefix)) {
                revisit_use(c, others, m, use, prefix);
            }
        }
    }
}

// Of the other objects, after any of the uses that need not come after this one.
void graph_search::revisit_use(const context& c, const uint64_t* others, unsigned n, uint32_t use,
                               const prefix_clock& prefix) {
    if (n != 0) {
        revisit_use(c, others + 1, n - 1, use, prefix);
        for (const uint32_t other : graph.uses_of(*others)) {
            if (other > use && !graph.is_before(other, prefix) &&
                !graph.is_before(use, graph.event(other).before)) {
                prefix_clock more = prefix;
                join(more, graph.event(other).before);
                revisit_use(c, others + 1, n - 1, use, more);
            }
        }
        return;
    }
    const revisit v{use, prefix, initial_event};
    if (all_maximal(v)) {
        graph_step first;
        first.context = c.id;
        first.pinned = true;
        leave_kept(v, {std::move(first)});
    }
}

// Whoever waits for good could have come before what it waits for.
void graph_search::look_back_of_blocked() {
    for (uint64_t rest = g.live & ~g.enabled; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        const bool for_signal = c.op.kind == op_kind::cond_resume && !c.signalled && !c.timed_out;
        if (!c.spinning && !is_word_access(c.op) && !for_signal) {
            revisit_uses(c);
        }
    }
}

void graph_search::time_passes() {
    host_scope host;
    if (learn_last() && at_ == planned_) {
        look_back_of_blocked();
    }
}

void graph_search::end(execution_end) {
    host_scope host;
    steps_longest_ = std::max(steps_longest_, at_);
    if (!in_vain_ && (!learn_last() || at_ != planned_)) {
        in_vain_ = true;
    }
    if (in_vain_) {
        ++given_up_;
        return;
    }
    look_back_of_blocked();
}

// ---- what may be taken away ---------------------------------------------------------------------

// Everything that is taken away was as it would be if it had been added to what stays, at its place: then no other
// execution takes the same away.
bool graph_search::all_maximal(const revisit& r) const {
    for (size_t i = 0; i < at_; ++i) {
        const graph_step& s = steps_[i];
        if (s.event != initial_event && s.event != r.self && !r.keeps(s.event) &&
            !is_maximal(s, r)) {
            return false;
        }
    }
    return true;
}

bool graph_search::is_maximal(const graph_step& s, const revisit& r) const {
    if (s.pinned || s.alternatives.find_first_not_of(uint8_t{0}) != s.alternatives.npos) {
        return false;
    }
    const graph_event& e = graph.event(s.event);
    if (e.location == no_location) {
        return true;
    }
    if (s.moved && !graph.is_before(e.from, r.prefix)) {
        return false;
    }
    // Nothing that was there before it, or stays, is later in coherence than what it reads or is.
    const std::vector<graph_write>& writes = graph.location(e.location).writes;
    size_t place = e.place;
    if (e.reads) {
        place = e.from == initial_event ? 0 : graph.event(e.from).place;
    }
    for (++place; place < writes.size(); ++place) {
        const uint32_t later = writes[place].event;
        if (later != s.event && later != r.self &&
            (later < s.event || graph.is_before(later, r.prefix))) {
            return false;
        }
    }
    return true;
}

}  // namespace sim
