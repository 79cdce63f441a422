#include "viz/tree_places.h"

#include <algorithm>
#include <utility>

namespace viz {

namespace {

// How far a subtree reaches to the right of its root's left side, the deepest level first: so a root is added at the end.
using contour = std::vector<double>;

double reach(const contour& c, size_t level) {
    return c[c.size() - 1 - level];
}

// How far to the right the subtree must stand that comes after what is there.
double shift_of(const contour& before, const contour& next, double gap) {
    double shift = 0;
    for (size_t level = 0; level < std::min(before.size(), next.size()); ++level) {
        shift = std::max(shift, reach(before, level) + gap);
    }
    return shift;
}

void merge(contour& into, contour more, double shift) {
    if (more.size() > into.size()) {
        std::swap(into, more);
        for (double& r : into) {
            r += shift;
        }
        for (size_t level = 0; level < more.size(); ++level) {
            double& r = into[into.size() - 1 - level];
            r = std::max(r, reach(more, level));
        }
        return;
    }
    for (size_t level = 0; level < more.size(); ++level) {
        double& r = into[into.size() - 1 - level];
        r = std::max(r, reach(more, level) + shift);
    }
}

}  // namespace

tree_size place_tree(std::vector<tree_cell>& cells, double gap, double level_gap) {
    std::vector<std::vector<size_t>> children(cells.size());
    std::vector<size_t> level(cells.size(), 0);
    std::vector<double> heights;
    for (size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].parent >= 0) {
            children[cells[i].parent].push_back(i);
            level[i] = level[cells[i].parent] + 1;
        }
        heights.resize(std::max(heights.size(), level[i] + 1), 0);
        heights[level[i]] = std::max(heights[level[i]], cells[i].height);
    }
    std::vector<contour> contours(cells.size());
    for (size_t i = cells.size(); i-- > 0;) {
        contour& below = contours[i];
        for (const size_t c : children[i]) {
            contour one = std::move(contours[c]);
            cells[c].left = below.empty() ? 0 : shift_of(below, one, gap);
            below.empty() ? std::swap(below, one) : merge(below, std::move(one), cells[c].left);
        }
        below.push_back(cells[i].width);
    }
    std::vector<double> tops(heights.size() + 1, 0);
    for (size_t l = 0; l < heights.size(); ++l) {
        tops[l + 1] = tops[l] + heights[l] + level_gap;
    }
    tree_size all;
    for (size_t i = 0; i < cells.size(); ++i) {
        cells[i].left += cells[i].parent >= 0 ? cells[cells[i].parent].left : 0;
        cells[i].top = tops[level[i]];
        all.width = std::max(all.width, cells[i].left + cells[i].width);
        all.height = std::max(all.height, cells[i].top + cells[i].height);
    }
    return all;
}

}  // namespace viz
