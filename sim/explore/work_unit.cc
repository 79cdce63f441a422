#include "sim/explore/work_unit.h"

#include <map>
#include <string>
#include <utility>

namespace sim {

std::unique_ptr<planned_picks> planned_branch::plan() const {
    return picks.empty() ? nullptr : std::make_unique<planned_picks>(planned_picks{picks, count});
}

planned_branch copy_branch(const wakeup_forest& forest, int32_t node) {
    const wakeup_node& from = forest.at(node);
    planned_branch b;
    b.op = from.op;
    b.context = from.context;
    if (from.picks != nullptr) {
        b.count = from.picks->count;
        b.picks = from.picks->taken;
    }
    b.below = copy_branches(forest, from.child);
    return b;
}

std::vector<planned_branch> copy_branches(const wakeup_forest& forest, int32_t first) {
    std::vector<planned_branch> branches;
    for (int32_t at = first; at >= 0; at = forest.at(at).next) {
        branches.push_back(copy_branch(forest, at));
    }
    return branches;
}

int32_t plant(wakeup_forest& forest, const std::vector<planned_branch>& branches) {
    int32_t first = -1;
    for (size_t i = branches.size(); i-- > 0;) {
        const planned_branch& b = branches[i];
        const int32_t below = plant(forest, b.below);
        const int32_t node = forest.make(b.op, b.context, b.plan());
        forest.at(node).child = below;
        forest.at(node).next = first;
        first = node;
    }
    return first;
}

bool open_node::varies() const {
    for (size_t k = first_open; !planned && k < step.picks.size(); ++k) {
        const data_choice& p = step.picks[k];
        if (next_allowed(p.excluded, p.taken + 1) < p.count) {
            return true;
        }
    }
    return false;
}

void write(byte_writer& to, const taken_step& s) {
    to.put(s.op);
    to.put(s.context);
    to.put_list(s.picks);
}

taken_step read_step(byte_reader& from) {
    taken_step s;
    s.op = from.get<operation>();
    s.context = from.get<uint8_t>();
    s.picks = from.get_list<data_choice>();
    return s;
}

void write(byte_writer& to, const planned_branch& b) {
    to.put(b.op);
    to.put(b.context);
    to.put(b.count);
    to.put_list(b.picks);
    to.put_each(b.below, [](byte_writer& w, const planned_branch& one) { write(w, one); });
}

planned_branch read_branch(byte_reader& from) {
    planned_branch b;
    b.op = from.get<operation>();
    b.context = from.get<uint8_t>();
    b.count = from.get<uint32_t>();
    b.picks = from.get_list<uint32_t>();
    b.below = from.get_each<planned_branch>(read_branch);
    return b;
}

void write(byte_writer& to, const work_unit& u) {
    to.put(u.id);
    to.put(u.kind);
    to.put_each(u.path, [](byte_writer& w, const taken_step& s) { write(w, s); });
    to.put_each(u.sleep, [](byte_writer& w, const std::vector<sleeper>& s) { w.put_list(s); });
    write(to, u.branch);
    to.put_list(u.picks);
    u.graphs.write(to);
}

work_unit read_unit(byte_reader& from) {
    work_unit u;
    u.id = from.get<uint64_t>();
    u.kind = from.get<unit_kind>();
    u.path = from.get_each<taken_step>(read_step);
    u.sleep =
        from.get_each<std::vector<sleeper>>([](byte_reader& r) { return r.get_list<sleeper>(); });
    u.branch = read_branch(from);
    u.picks = from.get_list<data_choice>();
    if (!u.graphs.read(from)) {
        from.refuse();
    }
    return u;
}

namespace {

void write_step(byte_writer& to, const loose_step& s) {
    to.put(s.event);
    to.put_list(s.picks);
    to.put_list(s.clock);
}

loose_step read_loose_step(byte_reader& from) {
    loose_step s;
    s.event = from.get<logged_event>();
    s.picks = from.get_list<data_choice>();
    s.clock = from.get_list<uint32_t>();
    return s;
}

// Sequences of one unit share most of their steps: each is written once, and sequences name them by number.
void write_sequences(byte_writer& to, const std::vector<loose_sequence>& sequences) {
    std::map<std::string, uint32_t> numbers;
    byte_writer steps;
    byte_writer lists;
    for (const loose_sequence& s : sequences) {
        std::vector<uint32_t> list;
        for (const loose_step& one : s.steps) {
            byte_writer bytes;
            write_step(bytes, one);
            const auto [known, is_new] =
                numbers.emplace(bytes.take(), static_cast<uint32_t>(numbers.size()));
            if (is_new) {
                write_step(steps, one);
            }
            list.push_back(known->second);
        }
        lists.put(s.depth);
        lists.put_list(list);
    }
    to.put(static_cast<uint64_t>(numbers.size()));
    to.put_text(steps.bytes());
    to.put(static_cast<uint64_t>(sequences.size()));
    to.put_text(lists.bytes());
}

std::vector<loose_sequence> read_sequences(byte_reader& from) {
    std::vector<loose_step> steps;
    const auto different = from.get<uint64_t>();
    const std::string step_bytes = from.get_text();
    byte_reader step_reader(step_bytes);
    while (steps.size() < different && step_reader.ok()) {
        steps.push_back(read_loose_step(step_reader));
    }
    std::vector<loose_sequence> sequences;
    const auto count = from.get<uint64_t>();
    const std::string list_bytes = from.get_text();
    byte_reader list_reader(list_bytes);
    while (sequences.size() < count && list_reader.ok()) {
        loose_sequence s;
        s.depth = list_reader.get<uint32_t>();
        for (const uint32_t number : list_reader.get_list<uint32_t>()) {
            if (number >= steps.size()) {
                list_reader.refuse();
                break;
            }
            s.steps.push_back(steps[number]);
        }
        sequences.push_back(std::move(s));
    }
    if (!step_reader.whole() || !list_reader.whole()) {
        from.refuse();
    }
    return sequences;
}

void write_node(byte_writer& to, const open_node& n) {
    to.put_list(n.sleep);
    to.put_each(n.branches, [](byte_writer& w, const planned_branch& b) { write(w, b); });
    write(to, n.step);
    to.put(n.explored);
    to.put(n.own);
    to.put(n.first_open);
    to.put(n.planned);
}

open_node read_node(byte_reader& from) {
    open_node n;
    n.sleep = from.get_list<sleeper>();
    n.branches = from.get_each<planned_branch>(read_branch);
    n.step = read_step(from);
    n.explored = from.get<uint32_t>();
    n.own = from.get<sleeper>();
    n.first_open = from.get<uint32_t>();
    n.planned = from.get<bool>();
    return n;
}

}  // namespace

void write(byte_writer& to, const unit_rest& r) {
    to.put(r.id);
    to.put(r.begun);
    write_sequences(to, r.sequences);
    to.put_each(r.nodes, write_node);
    r.graphs.write(to);
    to.put(r.bound_mattered);
    to.put(r.may_have_missed);
}

unit_rest read_rest(byte_reader& from) {
    unit_rest r;
    r.id = from.get<uint64_t>();
    r.begun = from.get<bool>();
    r.sequences = read_sequences(from);
    r.nodes = from.get_each<open_node>(read_node);
    if (!r.graphs.read(from)) {
        from.refuse();
    }
    r.bound_mattered = from.get<bool>();
    r.may_have_missed = from.get<bool>();
    return r;
}

}  // namespace sim
