#include "viz/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "viz/boxes.h"
#include "viz/scene.h"
#include "viz/tree_places.h"
#include "viz/tree_words.h"

namespace viz {

namespace {

constexpr double margin = 12;
constexpr double gap = 16;
constexpr double level_gap = 20;
constexpr const char* ok_fill = "#dff2e1";

class painter {
  public:
    painter(const told_tree& t, const tree_options& o) : t_(t), o_(o) {}

    scene draw() {
        out_.name = o_.subject;
        out_.height = margin;
        put_text(out_, margin, "title",
                 fmt::format("{}: the tree of its executions ({})", o_.subject, o_.strategy), 14,
                 true);
        for (const std::string& line : t_.head) {
            put_text(out_, margin, fmt::format("head{}", out_.boxes.size()), line, 9, false);
        }
        out_.height += 10;
        measure();
        const tree_size size = place_tree(cells_, gap, level_gap);
        for (size_t i = 0; i < cells_.size(); ++i) {
            place(i);
        }
        for (size_t i = 0; i < cells_.size(); ++i) {
            connect(i);
        }
        out_.height += size.height + 16;
        out_.width = std::max(out_.width, size.width + 2 * margin);
        for (size_t i = 0; i < t_.failures.size(); ++i) {
            put_text(out_, margin, fmt::format("failure{}", i),
                     fmt::format("[{}] {}", i + 1, t_.failures[i]), 9, false);
        }
        out_.height += margin;
        return std::move(out_);
    }

  private:
    // A box and what stands close below it: how it ended.
    struct pair_of_boxes {
        scene_box top;
        scene_box end;
        bool has_end = false;
    };

    void add_cell(int32_t parent, pair_of_boxes boxes) {
        tree_cell c;
        c.parent = parent;
        fit(boxes.top);
        c.width = boxes.top.width;
        c.height = boxes.top.height;
        if (boxes.has_end) {
            fit(boxes.end);
            c.width = boxes.top.width = boxes.end.width = std::max(c.width, boxes.end.width);
            c.height += boxes.end.height;
        }
        cells_.push_back(c);
        boxes_.push_back(std::move(boxes));
    }

    void measure() {
        std::vector<int32_t> cell_of(t_.boxes.size(), -1);
        std::vector<std::vector<int32_t>> not_tried(t_.boxes.size());
        for (size_t b = 0; b < t_.boxes.size(); ++b) {
            const told_branch& one = t_.boxes[b];
            pair_of_boxes boxes;
            boxes.top.id = fmt::format("b{}", b);
            boxes.top.lines = one.lines;
            boxes.top.fill = one.fill;
            boxes.top.border = one.preempts ? purple : one.border;
            boxes.top.line_width = one.preempts ? 2 : 1;
            boxes.top.tooltip = printable_lines(one.tooltip);
            boxes.top.url = one.url;
            boxes.has_end = !one.end_lines.empty();
            if (boxes.has_end) {
                boxes.end.id = fmt::format("e{}", b);
                boxes.end.lines = one.end_lines;
                dress(boxes.end, one.end_as);
                boxes.end.fill = one.end_ok ? ok_fill : boxes.end.fill;
                boxes.end.border = one.end_ok ? green : boxes.end.border;
                boxes.end.style = "filled";
                boxes.end.bold = one.end_as == look::finding;
                boxes.end.tooltip = printable_lines(one.end_tooltip);
                boxes.end.url = one.end_url;
            }
            const int32_t parent = t_.branches[b].parent;
            cell_of[b] = static_cast<int32_t>(cells_.size());
            add_cell(parent < 0 ? -1 : cell_of[parent], std::move(boxes));
        }
        for (size_t b = 0; b < t_.boxes.size(); ++b) {
            for (const auto& [names, why] : t_.boxes[b].left_out) {
                pair_of_boxes dashed;
                dashed.top.id = fmt::format("l{}_{}", b, cells_.size());
                dashed.top.lines = wrapped(printable(names, true), 26);
                dashed.top.lines.push_back(why);
                dashed.top.style = "filled,dashed";
                dashed.top.border = grey;
                dashed.top.ink = grey;
                dashed.top.font_size = 8;
                dashed.top.tooltip = "could have gone on here, and was not tried";
                add_cell(cell_of[b], std::move(dashed));
            }
        }
    }

    static std::string printable_lines(const std::string& text) {
        std::string out;
        for (size_t at = 0; at <= text.size();) {
            const size_t end = std::min(text.find('\n', at), text.size());
            out += (at == 0 ? "" : "\n") + printable(text.substr(at, end - at), true);
            at = end + 1;
        }
        return out;
    }

    void place(size_t i) {
        scene_box& top = boxes_[i].top;
        scene_box& end = boxes_[i].end;
        const double left = margin + cells_[i].left;
        const double y = out_.height + cells_[i].top;
        top.x = left + top.width / 2;
        top.y = y + top.height / 2;
        out_.boxes.push_back(top);
        if (boxes_[i].has_end) {
            end.x = top.x;
            end.y = y + top.height + end.height / 2;
            out_.boxes.push_back(end);
        }
    }

    void connect(size_t i) {
        if (cells_[i].parent < 0) {
            return;
        }
        const scene_box& from = boxes_[cells_[i].parent].top;
        const scene_box& to = boxes_[i].top;
        const double x0 = from.x - from.width / 2 + 18;
        const double x1 = to.x - to.width / 2 + 18;
        const double y0 = from.y + from.height / 2;
        const double y1 = to.y - to.height / 2;
        scene_line line;
        line.from = from.id;
        line.to = to.id;
        line.colour = grey;
        line.style = to.style == "filled,dashed" ? "dashed" : "solid";
        line.arrow = false;
        // It runs to the right just above the level, where no box is.
        const double turn = y1 - level_gap / 2;
        line.points =
            std::abs(x0 - x1) < 0.5
                ? std::vector<std::pair<double, double>>{{x0, y0}, {x1, y1}}
                : std::vector<std::pair<double, double>>{
                      {x0, y0},       {x0, turn - 1}, {x0, turn}, {x0 + 6, turn}, {x0 + 6, turn},
                      {x1 - 6, turn}, {x1 - 6, turn}, {x1, turn}, {x1, turn + 1}, {x1, y1}};
        out_.lines.push_back(std::move(line));
    }

    const told_tree& t_;
    const tree_options& o_;
    scene out_;
    std::vector<tree_cell> cells_;
    std::vector<pair_of_boxes> boxes_;
};

}  // namespace

std::string tree_picture(const sim::choice_tree& tree, const tree_options& options) {
    const told_tree told = tell_tree(tree, options);
    return graphviz_text(painter(told, options).draw());
}

}  // namespace viz
