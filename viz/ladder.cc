#include "viz/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace viz {

namespace {

constexpr double margin = 12;
constexpr double row_gap = 9;
constexpr double lane_padding = 26;  // room for the lines within a column
constexpr double lane_gap = 46;
constexpr size_t text_max = 46;

struct column {
    double x = 0;
    double width = 0;
};

class painter {
  public:
    painter(const sim::trace& t, const ladder& l) : t_(t), l_(l) {}

    scene draw() {
        out_.name = l_.title;
        measure();
        place_columns();
        head();
        rows();
        for (size_t i = 0; i < l_.lines.size(); ++i) {
            line(l_.lines[i], i);
        }
        out_.height += margin;
        for (auto& [lane, c] : columns_) {
            out_.lanes.push_back({c.x - c.width / 2 - lane_padding, lanes_top_,
                                  c.x + c.width / 2 + lane_padding, out_.height - margin / 2,
                                  lane_fill});
        }
        return std::move(out_);
    }

  private:
    using lane_key = std::pair<uint32_t, uint32_t>;  // CPU, context

    lane_key key_of(uint32_t context) const { return {t_.header.contexts[context].cpu, context}; }

    static std::vector<std::string> cut(const std::vector<std::string>& lines) {
        std::vector<std::string> out;
        for (const std::string& one : lines) {
            for (const std::string& piece : wrapped(printable(one, true), text_max)) {
                out.push_back(piece);
            }
        }
        return out;
    }

    void measure() {
        for (size_t i = 0; i < l_.rows.size(); ++i) {
            const ladder_row& row = l_.rows[i];
            scene_box box;
            box.id = fmt::format("r{}", i);
            box.lines = cut(row.lines);
            dress(box, row.as);
            box.bold = row.is_bold;
            box.tooltip = row.tooltip;
            box.url = row.url;
            fit(box);
            column& c = columns_[key_of(row.context)];
            c.width = std::max(c.width, box.width);
            boxes_.push_back(std::move(box));
        }
        for (auto& [k, c] : columns_) {
            scene_box box;
            box.id = fmt::format("c{}", k.second);
            box.lines = {printable(who(t_, k.second), true)};
            box.centred = true;
            box.bold = true;
            box.font_size = 12;
            box.fill = "#33415c";
            box.border = "#33415c";
            box.ink = "#ffffff";
            fit(box);
            c.width = std::max(c.width, box.width);
            heads_.push_back(std::move(box));
        }
    }

    void place_columns() {
        double x = margin;
        size_t i = 0;
        for (auto& [k, c] : columns_) {
            c.x = x + lane_padding + c.width / 2;
            heads_[i].x = c.x;
            heads_[i++].width = c.width;
            x += c.width + 2 * lane_padding + lane_gap;
        }
        out_.width = x - lane_gap + margin;
    }

    void head() {
        out_.height = margin;
        put_text(out_, margin, "title", l_.title, 13, true);
        for (size_t i = 0; i < l_.key.size(); ++i) {
            put_text(out_, margin, fmt::format("key{}", i), l_.key[i], 9, false);
        }
        out_.height += 8;
        lanes_top_ = out_.height;
        for (scene_box& box : heads_) {
            box.y = out_.height + box.height / 2 + 4;
        }
        out_.height += (heads_.empty() ? 0 : heads_.front().height) + 4 + row_gap;
        for (scene_box& box : heads_) {
            out_.boxes.push_back(box);
        }
    }

    void rows() {
        for (size_t i = 0; i < boxes_.size(); ++i) {
            scene_box& box = boxes_[i];
            const column& c = columns_[key_of(l_.rows[i].context)];
            box.x = c.x;
            box.width = c.width;
            box.y = out_.height + box.height / 2;
            out_.height += box.height + row_gap;
            out_.boxes.push_back(box);
        }
    }

    // Within a column along its left side, the longer the farther out; else straight between the sides.
    void line(const ladder_line& l, size_t index) {
        const scene_box& a = boxes_[l.from];
        const scene_box& b = boxes_[l.to];
        scene_line out;
        out.from = a.id;
        out.to = b.id;
        out.colour = l.colour;
        out.style = l.style;
        out.line_width = 1.4;
        out.tooltip = l.tooltip;
        if (a.x == b.x && l.to == l.from + 1) {
            out.points = {{a.x, a.y + a.height / 2}, {b.x, b.y - b.height / 2}};
        } else if (a.x == b.x) {
            const double left = std::min(a.x - a.width / 2, b.x - b.width / 2) - 8 -
                                static_cast<double>(index % 3) * 5;
            out.points = {
                {a.x - a.width / 2, a.y}, {left, a.y}, {left, b.y}, {b.x - b.width / 2, b.y}};
        } else {
            const double side = a.x < b.x ? 1 : -1;
            const double x0 = a.x + side * a.width / 2;
            const double x1 = b.x - side * b.width / 2;
            out.points = {{x0, a.y}, {x0 + side * 30, a.y}, {x1 - side * 30, b.y}, {x1, b.y}};
        }
        out_.lines.push_back(std::move(out));
    }

    const sim::trace& t_;
    const ladder& l_;
    scene out_;
    double lanes_top_ = 0;
    std::map<lane_key, column> columns_;
    std::vector<scene_box> heads_;
    std::vector<scene_box> boxes_;
};

}  // namespace

scene draw_ladder(const sim::trace& t, const ladder& l) {
    return painter(t, l).draw();
}

std::string telling_place(const sim::trace_event& e, const plumbing_files& plumbing) {
    const std::vector<sim::trace_frame> stack = telling_stack(e.stack, plumbing);
    return stack.empty() ? "" : place(stack.front());
}

}  // namespace viz
