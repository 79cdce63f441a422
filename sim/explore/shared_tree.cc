#include "sim/explore/shared_tree.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/machine/machine.h"

namespace sim {

namespace {

uint32_t count_allowed(const data_choice& p, uint32_t begin, uint32_t end) {
    uint32_t count = 0;
    for (uint32_t at = next_allowed(p.excluded, begin); at < end;
         at = next_allowed(p.excluded, at + 1)) {
        ++count;
    }
    return count;
}

// Which part of all that a step leads to these of its data choices are.
double part_of(const std::vector<data_choice>& picks, size_t end) {
    double part = 1;
    for (size_t k = 0; k < end; ++k) {
        part /= std::max(count_allowed(picks[k], 0, picks[k].count), 1U);
    }
    return part;
}

bool have_alternatives(const std::vector<planned_branch>& branches) {
    return std::any_of(branches.begin(), branches.end(), [](const planned_branch& b) {
        return !b.picks.empty() || have_alternatives(b.below);
    });
}

}  // namespace

// ---- handing out

bool shared_tree::can_give(const node& n) const {
    return n.live && (!n.open.empty() || (n.branches >= 0 && n.out.empty() &&
                                          (!busy(n) || !plans_alternatives(n.branches))));
}

// Data choices are planned somewhere in the branch. Branches may be large, and most programs have none.
bool shared_tree::plans_alternatives(int32_t branch) const {
    if (!alternatives_) {
        return false;
    }
    const wakeup_node& b = forest_.at(branch);
    bool found = b.picks != nullptr;
    for (int32_t below = b.child; below >= 0 && !found; below = forest_.at(below).next) {
        found = plans_alternatives(below);
    }
    return found;
}

size_t shared_tree::ready(size_t enough) const {
    size_t count = everything_ ? 1 : 0;
    for (size_t i = 0; i < nodes_.size() && count < enough; ++i) {
        count += can_give(nodes_[i]) ? std::max(nodes_[i].open.size(), size_t{1}) : 0;
    }
    return count;
}

bool shared_tree::busy(const node& n) {
    return std::any_of(n.busy.begin(), n.busy.end(), [](uint32_t b) { return b != 0; });
}

std::vector<sleeper> shared_tree::sleepers(const node& n, int32_t branch) {
    std::vector<sleeper> list = n.sleep;
    const auto doubted = n.doubts.find(branch);
    bool all = all_firm(std::span(list).subspan(0, n.inherited));
    for (uint32_t i = n.inherited; i < list.size(); ++i) {
        const bool done =
            n.busy[i - n.inherited] == 0 &&
            (doubted == n.doubts.end() ||
             std::find(doubted->second.begin(), doubted->second.end(), i) == doubted->second.end());
        all &= done;
        list[i].firm = done && (list[i].whole || all);
    }
    // What was found by who is older than somebody who is not firm may be planned behind his step.
    bool younger = true;
    for (size_t i = list.size(); i-- > 0;) {
        younger &= list[i].firm;
        list[i].firm = younger;
    }
    return list;
}

// Those who are not firm now never will be for this branch.
void shared_tree::doubt(node& n, int32_t branch, const std::vector<sleeper>& asleep) {
    for (uint32_t i = n.inherited; i < asleep.size(); ++i) {
        if (!asleep[i].firm) {
            std::vector<uint32_t>& list = n.doubts[branch];
            if (std::find(list.begin(), list.end(), i) == list.end()) {
                list.push_back(i);
            }
        }
    }
}

// `near` may be of a tree that this one has replaced, where all began anew.
int32_t shared_tree::choose(int32_t near) const {
    const bool known = near < static_cast<int32_t>(nodes_.size());
    for (int32_t at = known ? near : anywhere; at >= 0 && nodes_[static_cast<size_t>(at)].live;
         at = nodes_[static_cast<size_t>(at)].parent) {
        if (can_give(nodes_[static_cast<size_t>(at)])) {
            return at;
        }
    }
    int32_t best = -1;
    for (size_t i = 0; i < nodes_.size(); ++i) {
        if (can_give(nodes_[i]) &&
            (best < 0 || nodes_[i].depth < nodes_[static_cast<size_t>(best)].depth)) {
            best = static_cast<int32_t>(i);
        }
    }
    return best;
}

// The steps to a node, and who sleeps on the way: of the branches of each node all but the one taken,
// since what is found to begin there is inserted unless one of them covers it.
void shared_tree::describe_path(int32_t at, work_unit& u) const {
    u.path.clear();
    u.sleep.assign(1, sleepers(nodes_[static_cast<size_t>(at)]));
    while (nodes_[static_cast<size_t>(at)].parent >= 0) {
        const node& n = nodes_[static_cast<size_t>(at)];
        u.path.push_back(n.step);
        u.sleep.push_back(sleepers(nodes_[static_cast<size_t>(n.parent)]));
        u.sleep.back().erase(u.sleep.back().begin() + n.branch);
        at = n.parent;
    }
    std::reverse(u.path.begin(), u.path.end());
    std::reverse(u.sleep.begin(), u.sleep.end());
}

bool shared_tree::take(work_unit& u, int32_t near) {
    u = work_unit();
    u.id = next_id_;
    unit_out out;
    if (everything_) {
        everything_ = false;
    } else {
        out.node = choose(near);
        if (out.node < 0) {
            return false;
        }
        node& n = nodes_[static_cast<size_t>(out.node)];
        describe_path(out.node, u);
        if (!n.open.empty()) {
            u.kind = unit_kind::alternatives;
            u.branch.op = n.open.back().step.op;
            u.branch.context = n.open.back().step.context;
            u.picks = n.open.back().step.picks;
            u.sleep.back().pop_back();
            out.part = n.open.back().part;
            n.open.pop_back();
            --n.busy.back();
        } else {
            u.kind = unit_kind::branch;
            const int32_t branch = forest_.take_first(n.branches);
            u.sleep.back() = sleepers(n, branch);
            out.unit.sleep.push_back(u.sleep.back());
            n.doubts.erase(branch);
            u.branch = copy_branch(forest_, branch);
            drop_branch(branch);
            n.sleep.push_back(make_sleeper(u.branch.op, u.branch.context, u.branch.plan().get()));
            n.busy.push_back(0);
        }
        out.branch = static_cast<uint32_t>(n.sleep.size() - 1);
        n.out.push_back(out.part);
        ++n.busy.back();
    }
    out.unit.id = u.id;
    out.unit.kind = u.kind;
    out.unit.branch = u.branch;
    out.unit.picks = u.picks;
    out_.emplace(next_id_++, std::move(out));
    return true;
}

void shared_tree::drop_branch(int32_t branch) {
    for (int32_t below = forest_.at(branch).child; below >= 0;) {
        const int32_t next = forest_.at(below).next;
        drop_branch(below);
        below = next;
    }
    forest_.release(branch);
}

void shared_tree::put_back(uint64_t id) {
    const auto at = out_.find(id);
    HEDDLE_ASSERT(at != out_.end());
    unit_out from = std::move(at->second);
    out_.erase(at);
    if (from.node < 0) {
        everything_ = true;
        return;
    }
    node& n = nodes_[static_cast<size_t>(from.node)];
    n.out.erase(std::find(n.out.begin(), n.out.end(), from.part));
    --n.busy.back();
    if (from.unit.kind == unit_kind::alternatives) {
        n.open.push_back(
            {{from.unit.branch.op, from.unit.branch.context, from.unit.picks}, from.part});
        ++n.busy.back();
        return;
    }
    HEDDLE_ASSERT(from.branch + 1 == n.sleep.size());
    n.sleep.pop_back();
    n.busy.pop_back();
    const int32_t branch = plant(forest_, {from.unit.branch});
    forest_.at(branch).next = n.branches;
    n.branches = branch;
    doubt(n, branch, from.unit.sleep.back());
}

// ---- what comes back

int32_t shared_tree::make_node(int32_t parent, const open_node& left) {
    if (free_.empty()) {
        free_.push_back(static_cast<int32_t>(nodes_.size()));
        nodes_.emplace_back();
    }
    const int32_t at = free_.back();
    free_.pop_back();
    node& n = nodes_[static_cast<size_t>(at)];
    n = node();
    n.live = true;
    ++live_;
    n.parent = parent;
    if (parent >= 0) {
        n.depth = nodes_[static_cast<size_t>(parent)].depth + 1;
    }
    n.sleep = left.sleep;
    n.inherited = static_cast<uint32_t>(left.sleep.size()) - left.explored;
    n.branches = plant(forest_, left.branches);
    alternatives_ |= have_alternatives(left.branches);
    n.sleep.push_back(left.own);
    n.busy.assign(left.explored + 1, 0);
    leave_alternatives(n, left);
    return at;
}

void shared_tree::leave_alternatives(node& n, const open_node& left) {
    const std::vector<data_choice>& picks = left.step.picks;
    for (size_t k = left.first_open; !left.planned && k < picks.size(); ++k) {
        const uint32_t next = next_allowed(picks[k].excluded, picks[k].taken + 1);
        if (next >= picks[k].count) {
            continue;
        }
        open_alternatives more;
        more.step = left.step;
        more.step.picks.resize(k + 1);
        more.step.picks[k].taken = next;
        more.part = part_of(picks, k + 1) * count_allowed(picks[k], next, picks[k].count);
        n.open.push_back(std::move(more));
        ++n.busy.back();
    }
}

int32_t shared_tree::commit(unit_rest rest) {
    const auto out = out_.find(rest.id);
    HEDDLE_ASSERT(out != out_.end() && rest.begun);
    const unit_out from = std::move(out->second);
    out_.erase(out);
    int32_t at = from.node;
    uint32_t branch = from.branch;
    if (at >= 0) {
        node& n = nodes_[static_cast<size_t>(at)];
        n.out.erase(std::find(n.out.begin(), n.out.end(), from.part));
        --n.busy.back();
        // Now it is known how the step came out; of several alternatives the strictest counts.
        operation& own = n.sleep[branch].op;
        own = own.kind == op_kind::process_exit ? own : rest.nodes.front().own.op;
        leave_alternatives(n, rest.nodes.front());
    }
    for (size_t i = at >= 0 ? 1 : 0; i < rest.nodes.size(); ++i) {
        at = make_node(at, rest.nodes[i]);
        node& n = nodes_[static_cast<size_t>(at)];
        if (i > 0) {
            const open_node& above = rest.nodes[i - 1];
            n.step = above.step;
            n.branch = branch;
            node& parent = nodes_[static_cast<size_t>(n.parent)];
            ++parent.busy[branch - parent.inherited];
            n.part = above.planned ? 1 : part_of(above.step.picks, above.step.picks.size());
        }
        branch = static_cast<uint32_t>(n.sleep.size() - 1);
    }
    for (const loose_sequence& s : rest.sequences) {
        insert(s, from);
    }
    return release_done(at);
}

void shared_tree::insert(const loose_sequence& s, const unit_out& from) {
    int32_t at = from.node;
    uint32_t own = from.branch;
    while (nodes_[static_cast<size_t>(at)].depth > s.depth) {
        own = nodes_[static_cast<size_t>(at)].branch;
        at = nodes_[static_cast<size_t>(at)].parent;
    }
    node& n = nodes_[static_cast<size_t>(at)];
    HEDDLE_ASSERT(n.live && n.depth == s.depth && !s.steps.empty());
    event_log log;
    const loose_step& last = s.steps.back();
    for (size_t i = 0; i + 1 < s.steps.size(); ++i) {
        log.put(s.steps[i].event, s.steps[i].picks, s.steps[i].clock);
        alternatives_ |= !s.steps[i].picks.empty();
    }
    wakeup_sequence v(log);
    v.begin(last.event, last.clock.data());
    for (size_t i = 0; i + 1 < s.steps.size(); ++i) {
        v.add(static_cast<uint32_t>(i));
    }
    v.add_last();
    std::vector<sleeper> asleep = sleepers(n);
    std::vector<sleeper> others = asleep;
    others.erase(others.begin() + own);
    asleep[own].firm = true;  // what it finds always conflicts with it
    std::vector<int32_t> touched;
    insert_branch(others, forest_, n.branches, v,
                  all_firm(std::span(n.sleep).subspan(0, n.inherited)), &touched);
    for (int32_t branch : touched) {
        doubt(n, branch, asleep);
    }
}

int32_t shared_tree::release_done(int32_t at) {
    while (at >= 0) {
        node& n = nodes_[static_cast<size_t>(at)];
        if (n.branches >= 0 || busy(n)) {
            return at;
        }
        const int32_t parent = n.parent;
        const uint32_t branch = n.branch;
        n = node();
        free_.push_back(at);
        --live_;
        if (parent >= 0) {
            node& above = nodes_[static_cast<size_t>(parent)];
            --above.busy[branch - above.inherited];
        }
        at = parent;
    }
    return at;
}

// ---- how much is done

uint32_t shared_tree::branches_of(const node& n) const {
    auto count = static_cast<uint32_t>(n.sleep.size()) - n.inherited;
    for (int32_t at = n.branches; at >= 0; at = forest_.at(at).next) {
        ++count;
    }
    return count;
}

double shared_tree::share_done() const {
    if (live_ == 0) {
        return everything_ || !out_.empty() ? 0 : 1;
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
        for (double part : n.out) {
            open += part;
        }
        left += whole[i] * open / branches;
    }
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
    n.busy = from.get_list<uint32_t>();
    for (int32_t at = n.branches; at >= 0; at = forest_.at(at).next) {
        std::vector<uint32_t> doubts = from.get_list<uint32_t>();
        if (!doubts.empty()) {
            n.doubts.emplace(at, std::move(doubts));
        }
    }
    return n;
}

void shared_tree::write(byte_writer& to) const {
    HEDDLE_ASSERT(out_.empty());
    to.put(everything_);
    to.put_each(nodes_, [this](byte_writer& w, const node& n) { write_node(w, n); });
}

bool shared_tree::read(byte_reader& from) {
    *this = shared_tree();
    everything_ = from.get<bool>();
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
    return from.ok();
}

}  // namespace sim
