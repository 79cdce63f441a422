// The shared tree seen from outside: how much of it is done, and as bytes.
#include <algorithm>
#include <utility>

#include "sim/explore/shared_tree.h"
#include "sim/machine/machine.h"

namespace sim {

// ---- how much is done

uint32_t shared_tree::branches_of(const node& n) const {
    auto count = static_cast<uint32_t>(n.sleep.size()) - n.inherited;
    for (int32_t at = n.branches; at >= 0; at = forest_.at(at).next) {
        ++count;
    }
    return count;
}

double shared_tree::share_done() const {
    if (everything_) {
        return 0;
    }
    std::vector<double> whole(nodes_.size(), -1);  // what a node is of all
    double left = 0;
    std::vector<size_t> way;
    for (size_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i].live) {
            continue;
        }
        for (auto at = static_cast<int32_t>(i); at >= 0 && whole[static_cast<size_t>(at)] < 0;
             at = nodes_[static_cast<size_t>(at)].parent) {
            way.push_back(static_cast<size_t>(at));
        }
        for (; !way.empty(); way.pop_back()) {
            const node& n = nodes_[way.back()];
            const auto above = static_cast<size_t>(n.parent);
            whole[way.back()] =
                n.parent < 0 ? 1 : whole[above] / branches_of(nodes_[above]) * n.part;
        }
        const node& n = nodes_[i];
        const uint32_t branches = branches_of(n);
        double open = branches - (static_cast<double>(n.sleep.size()) - n.inherited);
        for (const open_alternatives& more : n.open) {
            open += more.part;
        }
        left += whole[i] * open / branches;
    }
    const auto add_unit = [&](const unit_out& u) {
        const auto at = static_cast<size_t>(u.node);
        left += (u.node < 0 ? 1 : whole[at] / branches_of(nodes_[at]) * u.part) * (1 - u.done);
    };
    for (const auto& [id, u] : out_) {
        add_unit(u);
    }
    std::for_each(again_.begin(), again_.end(), add_unit);
    return std::max(1 - left, 0.0);
}

// ---- as bytes

void shared_tree::write_node(byte_writer& to, const node& n) const {
    to.put(n.live);
    if (!n.live) {
        return;
    }
    to.put(n.parent);
    to.put(n.depth);
    to.put(n.branch);
    to.put(n.part);
    sim::write(to, n.step);
    to.put_list(n.sleep);
    to.put(n.inherited);
    to.put_each(copy_branches(forest_, n.branches),
                [](byte_writer& w, const planned_branch& b) { sim::write(w, b); });
    to.put_each(n.open, [](byte_writer& w, const open_alternatives& o) {
        sim::write(w, o.step);
        w.put(o.part);
    });
    to.put(n.unknown);
    to.put_list(n.busy);
    for (int32_t at = n.branches; at >= 0; at = forest_.at(at).next) {
        const auto of = n.doubts.find(at);
        to.put_list(of == n.doubts.end() ? std::vector<uint32_t>() : of->second);
    }
}

shared_tree::node shared_tree::read_node(byte_reader& from) {
    node n;
    n.live = from.get<bool>();
    if (!n.live) {
        return n;
    }
    n.parent = from.get<int32_t>();
    n.depth = from.get<uint32_t>();
    n.branch = from.get<uint32_t>();
    n.part = from.get<double>();
    n.step = read_step(from);
    n.sleep = from.get_list<sleeper>();
    n.inherited = from.get<uint32_t>();
    const std::vector<planned_branch> branches = from.get_each<planned_branch>(read_branch);
    n.branches = plant(forest_, branches);
    alternatives_ |= have_alternatives(branches);
    n.open = from.get_each<open_alternatives>([](byte_reader& r) {
        open_alternatives o;
        o.step = read_step(r);
        o.part = r.get<double>();
        return o;
    });
    n.unknown = from.get<uint32_t>();
    n.busy = from.get_list<uint32_t>();
    for (int32_t at = n.branches; at >= 0; at = forest_.at(at).next) {
        std::vector<uint32_t> doubts = from.get_list<uint32_t>();
        if (!doubts.empty()) {
            n.doubts.emplace(at, std::move(doubts));
        }
    }
    return n;
}

void shared_tree::write_again(byte_writer& to, const unit_out& u) {
    to.put(u.node);
    to.put(u.branch);
    to.put(u.part);
    to.put(u.done);
    to.put(u.unknown);
    sim::write(to, u.unit);
}

shared_tree::unit_out shared_tree::read_again(byte_reader& from) {
    unit_out u;
    u.node = from.get<int32_t>();
    u.branch = from.get<uint32_t>();
    u.part = from.get<double>();
    u.done = from.get<double>();
    u.unknown = from.get<bool>();
    u.unit = read_unit(from);
    return u;
}

void shared_tree::write(byte_writer& to) const {
    HEDDLE_ASSERT(out_.empty());
    to.put(everything_);
    to.put_each(again_, write_again);
    to.put_each(nodes_, [this](byte_writer& w, const node& n) { write_node(w, n); });
}

bool shared_tree::read(byte_reader& from) {
    *this = shared_tree();
    everything_ = from.get<bool>();
    again_ = from.get_each<unit_out>(read_again);
    nodes_ = from.get_each<node>([this](byte_reader& r) { return read_node(r); });
    for (size_t i = 0; i < nodes_.size(); ++i) {
        const node& n = nodes_[i];
        if (!n.live) {
            free_.push_back(static_cast<int32_t>(i));
            continue;
        }
        ++live_;
        const auto parent = static_cast<size_t>(n.parent);
        if (n.inherited + n.busy.size() != n.sleep.size() ||
            n.parent >= static_cast<int64_t>(nodes_.size()) ||
            (n.parent >= 0 && (!nodes_[parent].live || n.branch >= nodes_[parent].sleep.size()))) {
            return false;
        }
    }
    return from.ok() && std::all_of(again_.begin(), again_.end(), [this](const unit_out& u) {
               const auto at = static_cast<size_t>(u.node);
               return u.node < 0 ||
                      (at < nodes_.size() && nodes_[at].live && u.branch >= nodes_[at].inherited &&
                       u.branch < nodes_[at].sleep.size());
           });
}

}  // namespace sim
