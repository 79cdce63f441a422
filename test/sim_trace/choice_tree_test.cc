// The tree of choices against a list of them.
#include "sim/trace/choice_tree.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace {

using choices = std::vector<uint8_t>;

void add(sim::choice_tree& t, const choices& c, sim::tree_end end, int32_t finding = -1) {
    t.add(c.data(), c.size(), end, finding);
}

TEST(ChoiceTree, HasEachExecutionWhereItsChoicesEnd) {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        sim::choice_tree tree;
        std::map<choices, std::map<sim::tree_end, uint64_t>> naive;
        for (int i = 0; i < 60; ++i) {
            choices c(random() % 9);
            for (uint8_t& one : c) {
                one = random() % 4 == 0 ? 1 : random() % 8 == 0 ? 0x81 : 0;
            }
            const auto end = static_cast<sim::tree_end>(random() % sim::tree_ends);
            add(tree, c, end, end == sim::tree_end::failed ? 3 : -1);
            ++naive[c][end];
        }
        std::map<choices, std::map<sim::tree_end, uint64_t>> kept;
        const std::vector<int32_t> order = tree.in_order();
        EXPECT_EQ(order.size(), tree.nodes().size());
        for (const int32_t n : order) {
            const sim::tree_node& node = tree.nodes()[n];
            for (size_t end = 0; end < sim::tree_ends; ++end) {
                if (node.ends.of[end] != 0) {
                    kept[tree.path(n)][static_cast<sim::tree_end>(end)] = node.ends.of[end];
                }
            }
            EXPECT_EQ(node.finding >= 0, node.ends.at(sim::tree_end::failed) != 0);
            // A chain is one node: who has one child alone is where something ends.
            const bool chain = n != 0 && node.first_child != sim::no_tree_node &&
                               node.first_child == node.last_child;
            EXPECT_FALSE(chain && node.ends.all() == 0);
        }
        EXPECT_EQ(kept, naive);
        EXPECT_EQ(tree.totals()[0].all(), 60U);
    }
}

TEST(ChoiceTree, KeepsTheOrderInWhichChildrenCame) {
    sim::choice_tree tree;
    for (const choices& c : {choices{0, 2, 2}, choices{0, 1}, choices{0, 2, 0}, choices{0, 0}}) {
        add(tree, c, sim::tree_end::passed);
    }
    std::string order;
    for (const int32_t n : tree.in_order()) {
        const choices path = tree.path(n);
        order += std::string(path.begin(), path.end()) + ".";
    }
    for (char& c : order) {
        c = c == '.' ? c : static_cast<char>('0' + c);
    }
    EXPECT_EQ(order, ".0.02.022.020.01.00.");
}

TEST(ChoiceTree, CountsWhatItDoesNotKeepAndKeepsWhatFails) {
    sim::choice_tree tree(2);
    add(tree, {0, 0}, sim::tree_end::passed);
    add(tree, {0, 1}, sim::tree_end::passed);
    add(tree, {0, 1}, sim::tree_end::passed);  // is there already
    add(tree, {0, 2}, sim::tree_end::passed);
    add(tree, {1, 2}, sim::tree_end::given_up);
    EXPECT_EQ(tree.nodes().size(), 4U);
    add(tree, {1, 3}, sim::tree_end::failed, 0);
    EXPECT_EQ(tree.nodes().size(), 5U);
    EXPECT_EQ(tree.totals()[0].all(), 6U);
    EXPECT_EQ(tree.totals()[0].at(sim::tree_end::passed), 4U);
    EXPECT_EQ(tree.nodes()[0].unkept.at(sim::tree_end::given_up), 1U);
}

}  // namespace
