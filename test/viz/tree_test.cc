// The picture of an exploration's tree: golden, what is folded, nothing overlaps.
#include "viz/tree.h"

#include <gtest/gtest.h>

#include "test/viz/golden.h"
#include "viz/branches.h"
#include "viz/tree_places.h"

namespace {

using choices = std::vector<uint8_t>;

// An execution of these choices: who is 0 takes a lock, who is 1 reads; it fails where 1 comes twice in a row.
sim::trace executed(const choices& by) {
    sim::trace t;
    t.header.subject = "small.race";
    t.header.cpus = 3;
    t.header.contexts = {{"net0", 0}, {"adm", 1}, {"smr", 2}};
    for (const uint8_t who : by) {
        if ((who & sim::choice_tree::data_choice) != 0) {
            continue;
        }
        sim::trace_event e;
        e.step = static_cast<uint32_t>(t.events.size() + 1);
        e.context = who;
        e.kind = who == 0 ? "lock" : "load";
        e.object = who == 0 ? "conf_lock" : "ifnet em1";
        e.stack = {{who == 0 ? "if_get" : "if_detach", "net/if.cc", 30U + who}};
        e.preemption = !t.events.empty() && t.events.back().context != who;
        e.enabled = {(who + 1U) % 3};
        t.events.push_back(e);
    }
    const size_t n = t.events.size();
    if (n > 1 && by[n - 1] == 1 && by[n - 2] == 1) {
        sim::trace_finding f;
        f.kind = "use after free";
        f.message = "adm reads ifnet em1, which is freed";
        f.step = t.events.back().step;
        f.context = 1;
        f.stack = t.events.back().stack;
        t.findings.push_back(f);
        t.header.token = "h1/small/late/adm:if_detach:" + std::to_string(n);
    }
    return t;
}

void add(sim::choice_tree& tree, const choices& c, sim::tree_end end) {
    tree.add(c.data(), c.size(), end, end == sim::tree_end::failed ? 0 : -1);
}

sim::choice_tree small_tree() {
    sim::choice_tree tree;
    add(tree, {0, 0, 0, 1, 2}, sim::tree_end::passed);
    add(tree, {0, 0, 0, 1, 2}, sim::tree_end::passed);
    add(tree, {0, 0, 1, 1}, sim::tree_end::failed);
    add(tree, {0, 0, 2}, sim::tree_end::given_up);
    add(tree, {2, 0x80, 0}, sim::tree_end::passed);
    add(tree, {2, 0x81, 0}, sim::tree_end::cut);
    return tree;
}

viz::tree_options options_of(size_t boxes) {
    viz::tree_options o;
    o.subject = "small, variant late";
    o.strategy = "bounded, 1 preemption";
    o.beyond = "beyond the bound";
    o.preemptions_max = 1;
    o.boxes_max = boxes;
    o.run = executed;
    return o;
}

TEST(Tree, IsTheGoldenPicture) {
    test::expect_golden("tree_small.gv", viz::tree_picture(small_tree(), options_of(0)));
}

TEST(Tree, FoldedIsTheGoldenPicture) {
    test::expect_golden("tree_folded.gv", viz::tree_picture(small_tree(), options_of(4)));
}

// The way to a finding is open, however small the picture is to be.
TEST(Branches, AreNeverFoldedOverAFinding) {
    sim::choice_tree tree;
    for (uint32_t i = 0; i < 4096; ++i) {
        choices c(12);
        for (size_t bit = 0; bit < c.size(); ++bit) {
            c[bit] = i >> bit & 1;
        }
        add(tree, c, i == 1234 ? sim::tree_end::failed : sim::tree_end::passed);
    }
    const std::vector<viz::branch> all = viz::shown_branches(tree, 0);
    EXPECT_EQ(all.size(), tree.nodes().size());
    for (const size_t limit : {1U, 10U, 100U, 1000U}) {
        const std::vector<viz::branch> shown = viz::shown_branches(tree, limit);
        EXPECT_LE(shown.size(), std::max<size_t>(limit, 25)) << "two for each step of the way";
        uint64_t executions = 0;
        bool found = false;
        const std::vector<sim::tree_counts> totals = tree.totals();
        for (size_t i = 0; i < shown.size(); ++i) {
            EXPECT_LT(shown[i].parent, static_cast<int32_t>(i));
            found |=
                tree.nodes()[shown[i].node].finding >= 0 && shown[i].kind == viz::branch_kind::leaf;
            executions += shown[i].kind == viz::branch_kind::open ? 0 : totals[shown[i].node].all();
        }
        EXPECT_TRUE(found) << limit;
        EXPECT_EQ(executions, 4096U) << "each is in one box";
    }
}

TEST(TreePlaces, DoNotOverlap) {
    std::vector<viz::tree_cell> cells(300);
    for (size_t i = 0; i < cells.size(); ++i) {
        cells[i].parent = i == 0 ? -1 : static_cast<int32_t>((i - 1) * (i % 7 + 1) / 9);
        cells[i].width = 20.0 + static_cast<double>(i * 37 % 90);
        cells[i].height = 10.0 + static_cast<double>(i * 13 % 40);
    }
    const viz::tree_size size = viz::place_tree(cells, 5, 8);
    for (size_t i = 0; i < cells.size(); ++i) {
        const viz::tree_cell& a = cells[i];
        EXPECT_TRUE(a.left >= 0 && a.left + a.width <= size.width);
        EXPECT_TRUE(a.top >= 0 && a.top + a.height <= size.height);
        if (a.parent >= 0) {
            EXPECT_GE(a.top, cells[a.parent].top + cells[a.parent].height + 8);
            EXPECT_GE(a.left, cells[a.parent].left);
        }
        for (size_t j = 0; j < i; ++j) {
            const viz::tree_cell& b = cells[j];
            EXPECT_TRUE(a.left >= b.left + b.width + 5 || b.left >= a.left + a.width + 5 ||
                        a.top >= b.top + b.height || b.top >= a.top + a.height)
                << i << " and " << j;
        }
    }
}

}  // namespace
