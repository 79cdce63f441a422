// choice_tree.h - the executions of an exploration as the tree of their choices.
// Source:  ours; a radix tree: a chain of choices without another way is one node.
// Shapes:  a choice is a byte: a context, or data_choice and an alternative. Node 0 is the root, which has no choices.
//          Children are in the order in which they were first explored. Executions beyond leaves_max are only counted,
//          where they leave what is kept; those that fail are always kept.
// Locks:   none; a plain value.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

// How an execution ended.
enum class tree_end : uint8_t {
    passed,
    failed,    // something was found
    cut,       // by the bound of its steps
    given_up,  // by the strategy: whatever could come was explored elsewhere
    in_vain,   // another execution shows all of it
};
inline constexpr size_t tree_ends = 5;
inline constexpr int32_t no_tree_node = -1;

struct tree_counts {
    uint64_t of[tree_ends] = {};

    [[nodiscard]] uint64_t at(tree_end end) const { return of[static_cast<size_t>(end)]; }
    [[nodiscard]] uint64_t all() const;
    void add(const tree_counts& more);
};

struct tree_node {
    uint32_t begin = 0;  // of its choices, in the bytes of the tree
    uint32_t length = 0;
    int32_t parent = no_tree_node;
    int32_t first_child = no_tree_node;
    int32_t last_child = no_tree_node;
    int32_t next = no_tree_node;  // sibling
    int32_t finding = -1;         // the caller's number of what was found where it ends
    tree_counts ends;             // executions that end with its last choice
    tree_counts unkept;           // that went on from there, but are not in the tree
};

class choice_tree {
  public:
    static constexpr uint8_t data_choice = 0x80;
    static constexpr uint32_t leaves_max = 1U << 18;

    explicit choice_tree(uint32_t leaves = leaves_max) : leaves_left_(leaves) { clear(); }
    void clear();
    // `finding`: the caller's number of what was found, if it failed.
    void add(const uint8_t* choices, size_t count, tree_end end, int32_t finding = -1);

    [[nodiscard]] const std::vector<tree_node>& nodes() const { return nodes_; }
    [[nodiscard]] const uint8_t* choices(const tree_node& n) const {
        return bytes_.data() + n.begin;
    }
    // All choices from the root to the last of the node's.
    [[nodiscard]] std::vector<uint8_t> path(int32_t node) const;
    // Every node before its children, children in their order.
    [[nodiscard]] std::vector<int32_t> in_order() const;
    // Of each node with all below it.
    [[nodiscard]] std::vector<tree_counts> totals() const;

  private:
    int32_t child(int32_t node, uint8_t choice) const;
    int32_t append(int32_t parent, const uint8_t* choices, size_t count);
    int32_t split(int32_t node, uint32_t length);

    std::vector<tree_node> nodes_;
    std::vector<uint8_t> bytes_;
    uint32_t leaves_left_;
};

}  // namespace sim
