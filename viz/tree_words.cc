#include "viz/tree_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "sim/trace/main_finding.h"

namespace viz {

namespace {

constexpr size_t text_max = 34;
constexpr size_t told_max = 16;  // steps of a chain in a tooltip
// Who makes the choice.
constexpr const char* fills[] = {"#e3f1fb", "#fff3cf", "#ece6f7", "#e2f3ec", "#fbe6da", "#eef0c9"};

std::string counted(uint64_t n, const char* noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string ends_text(const sim::tree_counts& c) {
    std::vector<std::string> parts;
    const std::pair<sim::tree_end, const char*> words[] = {
        {sim::tree_end::failed, "failed"},
        {sim::tree_end::passed, "ended well"},
        {sim::tree_end::cut, "cut at the step bound"},
        {sim::tree_end::given_up, "given up half-way: nothing new"},
        {sim::tree_end::in_vain, "in vain: others show the same"}};
    for (const auto& [end, word] : words) {
        if (c.at(end) != 0) {
            parts.push_back(fmt::format("{} {}", c.at(end), word));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

// A trace with its steps by number.
struct followed {
    explicit followed(sim::trace told_) : t(std::move(told_)) {
        for (const sim::trace_event& e : t.events) {
            if (!e.remark && e.step != 0) {
                steps.push_back(&e);
                preemptions.push_back((preemptions.empty() ? 0 : preemptions.back()) +
                                      static_cast<int>(e.preemption));
            }
        }
    }
    [[nodiscard]] const sim::trace_event* step_or_null(size_t n) const {
        return n == 0 || n > steps.size() ? nullptr : steps[n - 1];
    }
    [[nodiscard]] std::string name(uint32_t context) const {
        return context < t.header.contexts.size() ? t.header.contexts[context].name
                                                  : fmt::format("context {}", context);
    }
    sim::trace t;
    std::vector<const sim::trace_event*> steps;
    std::vector<int> preemptions;  // up to the step
};

class teller {
  public:
    teller(const sim::choice_tree& tree, const tree_options& o)
        : tree_(tree),
          nodes_(tree.nodes()),
          o_(o),
          totals_(tree.totals()),
          branches_(shown_branches(tree, o.boxes_max)),
          told_(branches_.size()),
          before_(branches_.size(), 0),
          after_(branches_.size(), 0) {}

    void tell() {
        for (size_t b = 0; b < branches_.size(); ++b) {
            const sim::tree_node& n = nodes_[branches_[b].node];
            const bool own =
                branches_[b].kind != branch_kind::ends && branches_[b].kind != branch_kind::unkept;
            before_[b] = branches_[b].parent < 0 ? 0 : after_[branches_[b].parent];
            after_[b] = before_[b];
            for (uint32_t i = 0; own && i < n.length; ++i) {
                after_[b] += (tree_.choices(n)[i] & sim::choice_tree::data_choice) == 0;
            }
        }
        std::vector<bool> done(branches_.size(), false);
        for (size_t b = 0; b < branches_.size(); ++b) {
            if (branches_[b].kind == branch_kind::open) {
                continue;
            }
            const followed f(o_.run(tree_.path(execution_of(branches_[b]))));
            for (auto up = static_cast<int32_t>(b); up >= 0 && !done[up];
                 up = branches_[up].parent) {
                done[up] = true;
                tell_branch(up, f);
            }
        }
    }

    told_tree take() {
        tell();
        return {head(), branches_, std::move(told_), std::move(failures_)};
    }

  private:
    [[nodiscard]] std::vector<std::string> head() const {
        const sim::tree_counts& all = totals_[0];
        size_t folds = 0;
        uint64_t folded = 0;
        for (const branch& b : branches_) {
            if (b.kind == branch_kind::fold || b.kind == branch_kind::unkept) {
                ++folds;
                folded += b.kind == branch_kind::fold ? totals_[b.node].all()
                                                      : nodes_[b.node].unkept.all();
            }
        }
        std::vector<std::string> out = {
            fmt::format("{}: {}", counted(all.all(), "execution"), ends_text(all)),
            "a box: a choice and the steps after it until the next choice; time goes down; left to "
            "right as it was explored",
            "dashed: who could have gone on there and was not tried, and why; purple border: it "
            "preempts"};
        if (o_.earlier != 0) {
            out[0] += fmt::format("; before that {} that showed where to look closer",
                                  counted(o_.earlier, "execution"));
        }
        out[0] += o_.cut_short ? "; what is left was not explored" : "";
        out.push_back(folds == 0
                          ? "everything is shown"
                          : fmt::format("about {} boxes are shown, what fails first; {} with {} "
                                        "are folded (grey; red: some fail)",
                                        o_.boxes_max, counted(folds, "subtree"),
                                        counted(folded, "execution")));
        return out;
    }

    [[nodiscard]] int32_t execution_of(const branch& b) const {
        int32_t n = b.node;
        while (b.kind != branch_kind::ends && nodes_[n].finding < 0 &&
               nodes_[n].first_child != sim::no_tree_node) {
            int32_t c = nodes_[n].first_child;
            while (fails(n) && !fails(c) && nodes_[c].next != sim::no_tree_node) {
                c = nodes_[c].next;
            }
            n = c;
        }
        return n;
    }

    [[nodiscard]] bool fails(int32_t n) const { return totals_[n].at(sim::tree_end::failed) != 0; }

    static void add(std::vector<std::string>& lines, const std::string& text) {
        for (const std::string& line : wrapped(printable(text, true), text_max)) {
            lines.push_back(line);
        }
    }

    void tell_branch(size_t b, const followed& f) {
        const branch& one = branches_[b];
        const sim::tree_node& n = nodes_[one.node];
        told_branch& t = told_[b];
        if (one.kind == branch_kind::unkept) {
            t.lines = {"not kept, only counted:"};
            tell_fold(t, n.unkept);
            return;
        }
        if (one.kind == branch_kind::ends) {
            t.lines = {"and here it ends"};
            tell_end(t, n, f);
            return;
        }
        if (n.length == 0) {
            t.lines = {"the race begins"};
        } else {
            tell_choice(t, b, f);
        }
        if (one.kind == branch_kind::fold) {
            tell_fold(t, totals_[one.node]);
        } else if (one.kind == branch_kind::leaf) {
            tell_end(t, n, f);
        } else {
            tell_left_out(t, b, f);
        }
    }

    void tell_choice(told_branch& t, size_t b, const followed& f) {
        const sim::tree_node& n = nodes_[branches_[b].node];
        const uint8_t first = *tree_.choices(n);
        const bool data = (first & sim::choice_tree::data_choice) != 0;
        const sim::trace_event* e = f.step_or_null(before_[b] + (data ? 0 : 1));
        if (e == nullptr) {
            t.lines = {"an execution that cannot be repeated"};
            return;
        }
        const std::vector<sim::trace_frame> stack = telling_stack(e->stack, o_.plumbing);
        const std::string action = action_of(*e);
        t.fill = fill_of(e->context);
        add(t.lines, data ? fmt::format("{}: alternative {} of {}", f.name(e->context),
                                        first & ~sim::choice_tree::data_choice, action)
                          : fmt::format("{} {}: {}", e->step, f.name(e->context), action));
        if (!stack.empty()) {
            add(t.lines, "in " + place(stack.front()));
            t.url = url_of(stack.front());
        }
        const sim::trace_event* const last = f.step_or_null(before_[b]);
        if (!data && e->preemption && last != nullptr) {
            t.preempts = true;
            t.lines.push_back("~ preempts " + printable(f.name(last->context), true));
        }
        tell_chain(t, b, f);
    }

    // In the order in which they come.
    const char* fill_of(uint32_t context) {
        const auto known = std::find(choosers_.begin(), choosers_.end(), context);
        const auto number = static_cast<size_t>(known - choosers_.begin());
        if (known == choosers_.end()) {
            choosers_.push_back(context);
        }
        return fills[number % std::size(fills)];
    }

    // The steps behind the choice until the next.
    void tell_chain(told_branch& t, size_t b, const followed& f) {
        std::vector<std::string> who;
        size_t others = 0;
        const size_t first = before_[b] + 1;
        for (size_t s = first; s <= after_[b]; ++s) {
            const sim::trace_event* e = f.step_or_null(s);
            if (e == nullptr) {
                break;
            }
            if (s - first < told_max) {
                t.tooltip += fmt::format("{}{} {}: {}", t.tooltip.empty() ? "" : "\n", e->step,
                                         f.name(e->context), action_of(*e));
            }
            if (s == first) {
                continue;
            }
            others += e->enabled.empty() ? 0 : 1;
            if (std::find(who.begin(), who.end(), f.name(e->context)) == who.end()) {
                who.push_back(f.name(e->context));
            }
        }
        const size_t more = after_[b] - std::min(after_[b], first);
        if (more > told_max) {
            t.tooltip += "\n...";
        }
        if (more != 0) {
            add(t.lines, fmt::format("then {}: {}", counted(more, "step"), fmt::join(who, ", ")));
        }
        if (others != 0) {
            t.lines.push_back(others == more
                                  ? "others left out at each"
                                  : fmt::format("others left out at {} of them", others));
        }
    }

    void tell_fold(told_branch& t, const sim::tree_counts& c) const {
        add(t.end_lines, "+ " + ends_text(c));
        t.end_as = c.at(sim::tree_end::failed) != 0 ? look::finding_step : look::fold;
        t.end_tooltip = counted(c.all(), "execution");
    }

    void tell_end(told_branch& t, const sim::tree_node& n, const followed& f) {
        const std::string times = n.ends.all() > 1 ? fmt::format(" ({} times)", n.ends.all()) : "";
        if (n.ends.at(sim::tree_end::failed) != 0 && !f.t.findings.empty()) {
            const sim::trace_finding& found = sim::main_finding(f.t);
            const std::string title = finding_title(found, o_.plumbing);
            failures_.push_back(f.t.header.token);
            add(t.end_lines, fmt::format("[{}] {}{}", failures_.size(), title, times));
            t.end_as = look::finding;
            t.end_tooltip = found.message + "\n" + f.t.header.token;
            const std::vector<sim::trace_frame> stack = telling_stack(found.stack, o_.plumbing);
            t.end_url = stack.empty() ? "" : url_of(stack.front());
            return;
        }
        const bool passed = n.ends.at(sim::tree_end::passed) == n.ends.all();
        add(t.end_lines, passed ? "ends well" + times : ends_text(n.ends));
        t.end_as = passed ? look::step : look::fold;
        t.end_ok = passed;
    }

    // Who could have gone on where the way forks.
    void tell_left_out(told_branch& t, size_t b, const followed& f) {
        const sim::trace_event* const next = f.step_or_null(after_[b] + 1);
        const sim::trace_event* const last = f.step_or_null(after_[b]);
        if (next == nullptr) {
            return;
        }
        std::vector<uint32_t> could = next->enabled;
        could.push_back(next->context);
        std::sort(could.begin(), could.end());
        const bool stays =
            last != nullptr && std::find(could.begin(), could.end(), last->context) != could.end();
        const int spent = last == nullptr ? 0 : f.preemptions[after_[b] - 1];
        const bool no_more = stays && o_.preemptions_max >= 0 && spent >= o_.preemptions_max;
        std::vector<std::string> names[2];
        for (const uint32_t context : could) {
            const bool beyond =
                o_.bound_leaves_out || (no_more && last != nullptr && context != last->context);
            if (!tried(branches_[b].node, context)) {
                names[beyond ? 1 : 0].push_back(f.name(context));
            }
        }
        for (const bool beyond : {false, true}) {
            if (!names[beyond ? 1 : 0].empty()) {
                t.left_out.emplace_back(fmt::format("{}", fmt::join(names[beyond ? 1 : 0], ", ")),
                                        beyond ? o_.beyond : o_.left_out);
            }
        }
    }

    // A fork of a data choice leaves out nobody.
    [[nodiscard]] bool tried(int32_t node, uint32_t context) const {
        for (int32_t c = nodes_[node].first_child; c != sim::no_tree_node; c = nodes_[c].next) {
            const uint8_t first = *tree_.choices(nodes_[c]);
            if (first == context || (first & sim::choice_tree::data_choice) != 0) {
                return true;
            }
        }
        return false;
    }

    const sim::choice_tree& tree_;
    const std::vector<sim::tree_node>& nodes_;
    const tree_options& o_;
    const std::vector<sim::tree_counts> totals_;
    const std::vector<branch> branches_;
    std::vector<told_branch> told_;
    std::vector<size_t> before_;  // steps before the branch, and with it
    std::vector<size_t> after_;
    std::vector<uint32_t> choosers_;     // contexts
    std::vector<std::string> failures_;  // tokens, by their numbers in the picture
};

}  // namespace

told_tree tell_tree(const sim::choice_tree& tree, const tree_options& options) {
    return teller(tree, options).take();
}

}  // namespace viz
