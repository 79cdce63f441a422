#include "viz/branches.h"

#include <set>

namespace viz {

namespace {

class chooser {
  public:
    chooser(const sim::choice_tree& tree, size_t limit)
        : nodes_(tree.nodes()),
          order_(tree.in_order()),
          limit_(limit == 0 ? ~size_t{0} : limit),
          opened_(nodes_.size(), false) {}

    std::vector<branch> choose() {
        open_way_to(0);
        std::set<int32_t> findings;
        std::vector<int32_t> more;
        for (const int32_t n : order_) {
            if (nodes_[n].finding >= 0) {
                const int32_t fork = is_fork(n) ? n : nodes_[n].parent;
                findings.insert(nodes_[n].finding).second ? open_way_to(fork)
                                                          : more.push_back(fork);
            }
        }
        for (const int32_t n : more) {
            if (boxes_ + cost_of_way_to(n) <= limit_) {
                open_way_to(n);
            }
        }
        open_near_root();
        return list();
    }

  private:
    [[nodiscard]] bool has_children(int32_t n) const {
        return nodes_[n].first_child != sim::no_tree_node;
    }

    [[nodiscard]] bool is_fork(int32_t n) const {
        return has_children(n) || nodes_[n].unkept.all() != 0;
    }

    // Boxes that opening it adds.
    [[nodiscard]] size_t cost(int32_t n) const {
        size_t boxes = (nodes_[n].ends.all() != 0) + (nodes_[n].unkept.all() != 0);
        for (int32_t c = nodes_[n].first_child; c != sim::no_tree_node; c = nodes_[c].next) {
            ++boxes;
        }
        return boxes;
    }

    [[nodiscard]] size_t cost_of_way_to(int32_t n) const {
        size_t boxes = 0;
        for (; n != sim::no_tree_node && !opened_[n]; n = nodes_[n].parent) {
            boxes += cost(n);
        }
        return boxes;
    }

    void open_way_to(int32_t n) {
        for (; n != sim::no_tree_node && !opened_[n] && is_fork(n); n = nodes_[n].parent) {
            opened_[n] = true;
            boxes_ += cost(n);
        }
    }

    // Level by level, those that fit.
    void open_near_root() {
        std::vector<int32_t> level = {0};
        while (!level.empty() && boxes_ < limit_) {
            std::vector<int32_t> below;
            for (const int32_t n : level) {
                if (!opened_[n] && is_fork(n) && boxes_ + cost(n) <= limit_) {
                    open_way_to(n);
                }
                for (int32_t c = nodes_[n].first_child; opened_[n] && c != sim::no_tree_node;
                     c = nodes_[c].next) {
                    below.push_back(c);
                }
            }
            level = std::move(below);
        }
    }

    std::vector<branch> list() const {
        std::vector<branch> out;
        std::vector<int32_t> place(nodes_.size(), -1);
        for (const int32_t n : order_) {
            const int32_t parent = nodes_[n].parent == sim::no_tree_node ? -1 : nodes_[n].parent;
            if (parent >= 0 && !opened_[parent]) {
                continue;
            }
            place[n] = static_cast<int32_t>(out.size());
            const branch_kind kind = opened_[n]   ? branch_kind::open
                                     : is_fork(n) ? branch_kind::fold
                                                  : branch_kind::leaf;
            out.push_back({kind, n, parent < 0 ? -1 : place[parent]});
            if (opened_[n] && nodes_[n].ends.all() != 0) {
                out.push_back({branch_kind::ends, n, place[n]});
            }
            if (opened_[n] && nodes_[n].unkept.all() != 0) {
                out.push_back({branch_kind::unkept, n, place[n]});
            }
        }
        return out;
    }

    const std::vector<sim::tree_node>& nodes_;
    const std::vector<int32_t> order_;
    size_t limit_;
    std::vector<bool> opened_;
    size_t boxes_ = 1;
};

}  // namespace

std::vector<branch> shown_branches(const sim::choice_tree& tree, size_t limit) {
    return chooser(tree, limit).choose();
}

}  // namespace viz
