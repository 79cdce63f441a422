#include "sim/explore/graph_beginnings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "sim/machine/machine.h"

namespace sim {

namespace {

// The writes of one location in coherence order, and which of them stay.
struct ordered_write {
    event_name name;
    bool stays = true;
};

void write_step(byte_writer& to, const graph_step& s) {
    to.put(s.context);
    for (const bool flag : {s.pinned, s.moved, s.fresh, s.fixed, s.reads, s.writes}) {
        to.put(flag);
    }
    to.put(s.at.context);
    for (const uint32_t number : {s.at.index, s.event, s.index, s.location}) {
        to.put(number);
    }
    to.put_text({reinterpret_cast<const char*>(s.alternatives.data()), s.alternatives.size()});
}

graph_step read_step(byte_reader& from) {
    graph_step s;
    s.context = from.get<uint8_t>();
    for (bool* flag : {&s.pinned, &s.moved, &s.fresh, &s.fixed, &s.reads, &s.writes}) {
        *flag = from.get<bool>();
    }
    s.at.context = from.get<uint8_t>();
    for (uint32_t* number : {&s.at.index, &s.event, &s.index, &s.location}) {
        *number = from.get<uint32_t>();
    }
    const std::string alternatives = from.get_text();
    s.alternatives.assign(alternatives.begin(), alternatives.end());
    if (s.context >= contexts_max) {
        from.refuse();
    }
    return s;
}

}  // namespace

bool graph_beginnings::cut::keeps(const graph_step& s, bool before_first) const {
    const uint32_t known = s.context < prefix.size() ? prefix[s.context] : 0;
    return (before_first || known >= s.index) && (s.event == initial_event || s.event != self);
}

void graph_beginnings::leave(int32_t path, cut what, steps behind, uint32_t reversals) {
    if (path != no_path) {
        ++nodes_[static_cast<size_t>(path)].users;
    }
    left_.push_back({path, std::move(what), std::move(behind), reversals});
}

void graph_beginnings::clear() {
    *this = graph_beginnings();
}

int32_t graph_beginnings::add_node(int32_t parent, const graph_step& s) {
    if (free_.empty()) {
        free_.push_back(static_cast<int32_t>(nodes_.size()));
        nodes_.emplace_back();
    }
    const int32_t at = free_.back();
    free_.pop_back();
    nodes_[static_cast<size_t>(at)] = {s, parent, 1};
    if (parent != no_path) {
        ++nodes_[static_cast<size_t>(parent)].users;
    }
    ++live_;
    return at;
}

void graph_beginnings::release(int32_t at) {
    while (at != no_path && --nodes_[static_cast<size_t>(at)].users == 0) {
        free_.push_back(at);
        --live_;
        at = std::exchange(nodes_[static_cast<size_t>(at)].parent, no_path);
    }
}

std::vector<int32_t> graph_beginnings::nodes_to(int32_t path) const {
    std::vector<int32_t> all;
    for (int32_t at = path; at != no_path; at = nodes_[static_cast<size_t>(at)].parent) {
        all.push_back(at);
    }
    std::reverse(all.begin(), all.end());
    return all;
}

void graph_beginnings::take_last(steps& list, uint32_t& reversals, std::vector<int32_t>& path) {
    beginning b = std::move(left_.back());
    left_.pop_back();
    reversals = b.reversals;
    list.clear();
    path.clear();
    const std::vector<int32_t> all = nodes_to(b.path);
    list_kept(all, b.what, list);
    for (const int32_t at : all) {
        node& n = nodes_[static_cast<size_t>(at)];
        if (b.what.first != initial_event && n.step.event == b.what.first) {
            break;
        }
        ++n.users;
        path.push_back(at);
    }
    list.insert(list.end(), std::make_move_iterator(b.behind.begin()),
                std::make_move_iterator(b.behind.end()));
    release(b.path);
}

// A store that stays is performed again, behind the last write that was there before it and stays, too.
void graph_beginnings::list_kept(const std::vector<int32_t>& all, const cut& what,
                                 steps& list) const {
    std::map<uint32_t, std::vector<ordered_write>> writes;
    bool before_first = true;
    for (const int32_t at : all) {
        const graph_step& s = nodes_[static_cast<size_t>(at)].step;
        before_first &= what.first == initial_event || s.event != what.first;
        const bool stays =
            before_first ? s.event == initial_event || s.event != what.self : what.keeps(s, false);
        if (stays) {
            list.push_back(s);
        }
        if (!s.writes || what.first == initial_event) {
            continue;
        }
        std::vector<ordered_write>& order = writes[s.location];
        if (order.empty()) {
            order.emplace_back();
        }
        auto behind = std::find_if(order.begin(), order.end(),
                                   [&](const ordered_write& w) { return w.name == s.at; });
        HEDDLE_ASSERT(behind != order.end());
        auto last = behind;
        while (!last->stays) {
            --last;
        }
        if (stays && !s.reads) {
            list.back().at = last->name;
        }
        order.insert(behind + 1, {{s.context, s.index}, stays});
    }
}

// ---- given to others

int32_t graph_beginnings::copy_path(const graph_beginnings& of, int32_t path,
                                    std::vector<int32_t>& copies) {
    int32_t parent = no_path;
    for (const int32_t at : of.nodes_to(path)) {
        int32_t& copy = copies[static_cast<size_t>(at)];
        if (copy == no_path) {
            copy = add_node(parent, of.nodes_[static_cast<size_t>(at)].step);
        }
        parent = copy;
    }
    return parent;
}

void graph_beginnings::copy_in(const graph_beginnings& of, const beginning& b,
                               std::vector<int32_t>& copies) {
    leave(copy_path(of, b.path, copies), b.what, b.behind, b.reversals);
}

void graph_beginnings::add(const graph_beginnings& more) {
    std::vector<int32_t> copies(more.nodes_.size(), no_path);
    for (const beginning& b : more.left_) {
        copy_in(more, b, copies);
    }
    for (const int32_t copy : copies) {
        release(copy);
    }
}

graph_beginnings graph_beginnings::take_first(size_t count) {
    graph_beginnings first;
    std::vector<int32_t> copies(nodes_.size(), no_path);
    count = std::min(count, left_.size());
    for (size_t i = 0; i < count; ++i) {
        first.copy_in(*this, left_[i], copies);
        release(left_[i].path);
    }
    for (const int32_t copy : copies) {
        first.release(copy);
    }
    left_.erase(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(count));
    return first;
}

// Of the steps each that is needed, behind what it follows.
void graph_beginnings::write(byte_writer& to) const {
    graph_beginnings dense;
    dense.add(*this);
    to.put_each(dense.nodes_, [](byte_writer& w, const node& n) {
        w.put(n.parent);
        write_step(w, n.step);
    });
    to.put_each(dense.left_, [](byte_writer& w, const beginning& b) {
        w.put(b.path);
        w.put(b.what.first);
        w.put(b.what.self);
        w.put_list(b.what.prefix);
        w.put_each(b.behind, write_step);
        w.put(b.reversals);
    });
}

bool graph_beginnings::read(byte_reader& from) {
    clear();
    std::vector<int32_t> made;
    for (auto n = from.get<uint64_t>(); n != 0 && from.ok(); --n) {
        const auto parent = from.get<int32_t>();
        const graph_step s = read_step(from);
        if (parent < no_path || parent >= static_cast<int32_t>(made.size())) {
            from.refuse();
            break;
        }
        made.push_back(add_node(parent, s));
    }
    for (auto n = from.get<uint64_t>(); n != 0 && from.ok(); --n) {
        const auto path = from.get<int32_t>();
        cut what;
        what.first = from.get<uint32_t>();
        what.self = from.get<uint32_t>();
        what.prefix = from.get_list<uint16_t>();
        steps behind = from.get_each<graph_step>(read_step);
        const auto reversals = from.get<uint32_t>();
        if (path < no_path || path >= static_cast<int32_t>(made.size())) {
            from.refuse();
            break;
        }
        leave(path, std::move(what), std::move(behind), reversals);
    }
    for (const int32_t at : made) {
        release(at);
    }
    return from.ok();
}

}  // namespace sim
