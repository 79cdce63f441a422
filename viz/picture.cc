#include "viz/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "viz/boxes.h"
#include "viz/legend.h"
#include "viz/order.h"

namespace viz {

namespace {

constexpr double margin = 18;
constexpr double gutter = 64;  // between lanes: room for arrows
constexpr double lane_padding = 10;
constexpr double row_gap = 11;

struct lane {
    uint32_t cpu = 0;
    std::vector<uint32_t> contexts;
    double width = 0;
    double x = 0;  // centre
    uint32_t last = no_context;
};

// One box of a row: a fold has one for each context that takes part.
struct cell {
    uint32_t context = 0;
    scene_box box;
};

struct curve_look {
    const char* style = "solid";
    std::string label = "";
    double lower = 0;         // at its end
    double label_from = 0.6;  // how far along
};

class painter {
  public:
    painter(const sim::trace& t, const story& s, const plumbing_files& plumbing)
        : t_(t),
          s_(s),
          boxes_(t, plumbing),
          lane_of_(t.header.contexts.size(), 0),
          context_of_step_(step_contexts(t)) {}

    scene paint() {
        make_lanes();
        make_cells();
        place_columns();
        place_rows();
        chains();
        orders();
        evidence();
        frame();
        return std::move(scene_);
    }

  private:
    void make_lanes() {
        for (const uint32_t context : s_.contexts) {
            const uint32_t cpu = t_.header.contexts[context].cpu;
            if (lanes_.empty() || lanes_.back().cpu != cpu) {
                lanes_.push_back({cpu, {}, 0, 0, no_context});
            }
            lanes_.back().contexts.push_back(context);
            lane_of_[context] = lanes_.size() - 1;
        }
    }

    // ------------------------------------------------------------ boxes of the rows

    static std::string id(size_t row, uint32_t context) {
        return fmt::format("r{}c{}", row, context);
    }

    void make_cells() {
        cells_.resize(s_.rows.size());
        for (size_t i = 0; i < s_.rows.size(); ++i) {
            const story_row& row = s_.rows[i];
            if (row.kind == row_kind::fold) {
                for (const fold_part& part : row.parts) {
                    add_cell(i, part.context, boxes_.fold(row, part, tag(part.context)));
                }
            } else if (row.kind == row_kind::finding) {
                add_cell(i, row.context, boxes_.finding(row));
            } else {
                add_cell(i, row.context, boxes_.event(row, tag(row.context)));
            }
        }
    }

    // A lane with several contexts says when another one goes on.
    std::string tag(uint32_t context) {
        lane& l = lanes_[lane_of_[context]];
        const bool changes = l.contexts.size() > 1 && l.last != context;
        l.last = context;
        return changes ? fmt::format("[{}] ", boxes_.name_of(context)) : "";
    }

    void add_cell(size_t i, uint32_t context, scene_box box) {
        box.id = id(i, context);
        cells_[i].push_back({context, std::move(box)});
    }

    // ------------------------------------------------------------ places

    void place_columns() {
        for (lane& l : lanes_) {
            l.width = boxes_.header(l.cpu, l.contexts).width;
        }
        for (const auto& row : cells_) {
            for (const cell& c : row) {
                lane& l = lanes_[lane_of_[c.context]];
                l.width = std::max(l.width, c.box.width);
            }
        }
        // Boxes of one width: the eye runs down a straight edge, and arrows stay in the gutters.
        for (auto& row : cells_) {
            for (cell& c : row) {
                c.box.width = lanes_[lane_of_[c.context]].width;
            }
        }
        double x = margin;
        for (lane& l : lanes_) {
            l.x = x + lane_padding + l.width / 2;
            x += l.width + 2 * lane_padding + gutter;
        }
        right_ = x - gutter + 26;  // where changes of state begin
    }

    void place_rows() {
        double y = add_title(scene_, t_, s_, margin);
        lanes_top_ = y;
        double header_height = 0;
        for (const lane& l : lanes_) {
            scene_box box = boxes_.header(l.cpu, l.contexts);
            box.x = l.x;
            box.width = l.width + 2 * lane_padding;
            header_height = box.height;
            box.y = y + box.height / 2;
            scene_.boxes.push_back(box);
        }
        y += header_height + row_gap;
        for (size_t i = 0; i < s_.rows.size(); ++i) {
            const double height = place_row(i, y);
            y += height + row_gap;
        }
        lanes_bottom_ = y - row_gap / 2;
    }

    double place_row(size_t i, double y) {
        const story_row& row = s_.rows[i];
        std::vector<scene_box> beside;
        if (!row.changes.empty()) {
            beside.push_back(boxes_.changes(row));
        }
        if (row.kind == row_kind::finding) {
            beside.push_back(boxes_.note(row));
        }
        for (scene_box& box : beside) {
            box.id = fmt::format("s{}", i);
        }
        double height = 0;
        for (const cell& c : cells_[i]) {
            height = std::max(height, c.box.height);
        }
        for (const scene_box& box : beside) {
            height = std::max(height, box.height);
        }
        const bool finding = row.kind == row_kind::finding;  // stands beside the note's first line
        for (cell& c : cells_[i]) {
            c.box.x = lanes_[lane_of_[c.context]].x;
            c.box.y = y + (finding ? c.box.height : height) / 2;
            scene_.boxes.push_back(c.box);
        }
        for (scene_box& box : beside) {
            box.x = right_ + box.width / 2;
            box.y = y + height / 2;
            scene_.width = std::max(scene_.width, right_ + box.width);
            leader(cells_[i].back().box, box);
            scene_.boxes.push_back(box);
        }
        return height;
    }

    // The faint line from a box to what stands beside it.
    void leader(const scene_box& from, const scene_box& to) {
        scene_line line;
        line.from = from.id;
        line.to = to.id;
        line.points = {{from.x + from.width / 2, from.y}, {to.x - to.width / 2, from.y}};
        const bool finding = to.shape == "note";
        line.colour = finding ? red : yellow;
        line.style = finding ? "solid" : "dotted";
        line.arrow = false;
        scene_.lines.push_back(line);
    }

    // ------------------------------------------------------------ lines

    [[nodiscard]] const scene_box* box_of(size_t row, uint32_t context) const {
        for (const cell& c : cells_[row]) {
            if (c.context == context) {
                return &c.box;
            }
        }
        return nullptr;
    }

    // Program order: down the column, dotted while the context waits. And who was preempted by
    // whom.
    void chains() {
        std::map<uint32_t, std::pair<const scene_box*, row_kind>> last;
        for (size_t i = 0; i < s_.rows.size(); ++i) {
            const story_row& row = s_.rows[i];
            const auto left = last.find(row.preempted);
            if (row.preempted != no_context && left != last.end()) {
                preempted(*left->second.first, cells_[i].front().box);
            }
            for (const cell& c : cells_[i]) {
                const auto before = last.find(c.context);
                if (before != last.end()) {
                    const auto& [box, kind] = before->second;
                    scene_line line;
                    line.from = box->id;
                    line.to = c.box.id;
                    line.points = {{box->x, box->y + box->height / 2},
                                   {c.box.x, c.box.y - c.box.height / 2}};
                    line.colour = row.kind == row_kind::finding ? red : grey;
                    line.style = kind == row_kind::blocked ? "dotted" : "solid";
                    line.arrow = c.box.y - box->y > 60 || row.kind == row_kind::finding;
                    scene_.lines.push_back(line);
                }
                last[c.context] = {&c.box, row.kind};
            }
        }
    }

    void preempted(const scene_box& from, const scene_box& to) {
        scene_box mark = boxes_.preempted();
        mark.id = "p" + to.id;
        // In the column of the context that was left, beside what took its place.
        mark.x = from.x;
        mark.y = from.x == to.x ? to.y - to.height / 2 - row_gap / 2 : to.y;
        scene_.boxes.push_back(mark);
        if (from.x == to.x) {
            return;
        }
        const double side = to.x > from.x ? 1 : -1;
        scene_line line;
        line.from = mark.id;
        line.to = to.id;
        line.points = {{mark.x + side * mark.width / 2, mark.y},
                       {to.x - side * to.width / 2, to.y}};
        line.colour = purple;
        line.style = "dashed";
        line.line_width = 1.5;
        line.tooltip = "left although it could go on";
        scene_.lines.push_back(line);
    }

    // Between the boxes of two steps. Between two folds an arrow tells nothing that could be looked at.
    struct arrow_ends {
        const scene_box* from = nullptr;
        const scene_box* to = nullptr;
        bool folded = false;  // one of them
        explicit operator bool() const { return from != nullptr; }
    };
    [[nodiscard]] arrow_ends ends_of(uint32_t from_step, uint32_t to_step) const {
        const uint32_t from_row = s_.row_of_step[from_step];
        const uint32_t to_row = s_.row_of_step[to_step];
        const bool from_fold = s_.rows[from_row].kind == row_kind::fold;
        const bool to_fold = s_.rows[to_row].kind == row_kind::fold;
        const scene_box* from = box_of(from_row, context_of_step_[from_step]);
        const scene_box* to = box_of(to_row, context_of_step_[to_step]);
        if ((from_fold && to_fold) || from == nullptr || to == nullptr || from == to) {
            return {};
        }
        return {from, to, from_fold || to_fold};
    }

    void orders() {
        std::set<std::pair<std::string, std::string>> drawn;
        reads(drawn);
        for (const order_edge& edge : necessary_order(t_)) {
            const arrow_ends ends = ends_of(edge.from, edge.to);
            if (!ends || !drawn.insert({ends.from->id, ends.to->id}).second) {
                continue;
            }
            curve(*ends.from, *ends.to, ends.folded ? pale_blue : blue, ends.folded ? 0.8 : 1.2,
                  fmt::format("step {} happens before step {}", edge.from, edge.to));
        }
    }

    // Whose writes are read. One that happens before its read needs no other arrow for that.
    void reads(std::set<std::pair<std::string, std::string>>& drawn) {
        for (const read_edge& edge : reads_from(t_)) {
            const arrow_ends ends = ends_of(edge.from, edge.to);
            if (!ends || ends.folded) {
                continue;
            }
            if (edge.ordered) {
                drawn.insert({ends.from->id, ends.to->id});
            }
            const char* colour = edge.ordered ? blue : green;
            curve(*ends.from, *ends.to, colour, 1.4,
                  fmt::format("step {} takes the value of step {}{}", edge.to, edge.from,
                              edge.ordered ? ", which happens before it" : ""),
                  {edge.stale ? "dashed" : "solid", edge.stale ? "rf, old" : "rf", -4, 0.6});
            keys_.reads = true;
            keys_.stale |= edge.stale;
        }
        for (const order_edge& edge : not_seen(t_)) {
            const arrow_ends ends = ends_of(edge.from, edge.to);
            if (ends && !ends.folded) {
                curve(*ends.from, *ends.to, brown, 1.4,
                      fmt::format("step {} does not see step {}", edge.to, edge.from),
                      {"dotted", "not seen", 6, 0.8});
                keys_.not_seen = true;
            }
        }
    }

    [[nodiscard]] static std::vector<uint32_t> step_contexts(const sim::trace& t) {
        std::vector<uint32_t> out(1, 0);
        for (const sim::trace_event& event : t.events) {
            if (!event.remark) {
                out.push_back(event.context);
            }
        }
        return out;
    }

    // From the side of one box to the side of another, through the gutter between their lanes.
    void curve(const scene_box& from, const scene_box& to, const char* colour, double width,
               const std::string& tooltip, const curve_look& look = {}) {
        scene_line line;
        line.from = from.id;
        line.to = to.id;
        line.colour = colour;
        line.line_width = width;
        line.tooltip = tooltip;
        line.style = look.style;
        const double end = to.y + look.lower;
        if (from.x == to.x) {  // the same lane: round the right side
            const double x0 = from.x + from.width / 2;
            const double x1 = to.x + to.width / 2;
            const double out = std::max(x0, x1) + 30;
            line.points = {{x0, from.y}, {out, from.y}, {out, end}, {x1, end}};
        } else {
            const double side = to.x > from.x ? 1 : -1;
            const double x0 = from.x + side * from.width / 2;
            const double x1 = to.x - side * to.width / 2;
            const double reach = std::max(40.0, std::abs(x1 - x0) * 0.6);
            line.points = {
                {x0, from.y}, {x0 + side * reach, from.y}, {x1 - side * reach, end}, {x1, end}};
        }
        scene_.lines.push_back(line);
        if (!look.label.empty()) {
            label(line, look.label, look.label_from);
        }
    }

    [[nodiscard]] bool covers_another(const scene_box& box) const {
        return std::any_of(scene_.boxes.begin(), scene_.boxes.end(), [&](const scene_box& b) {
            return std::abs(b.x - box.x) * 2 < b.width + box.width &&
                   std::abs(b.y - box.y) * 2 < b.height + box.height;
        });
    }

    // In the gutter before its end, where nothing else stands.
    void label(const scene_line& line, const std::string& text, double along) {
        scene_box box = box_maker::label(text, line.colour.c_str());
        const auto& p = line.points;
        const auto at = [&](double u) {
            const double v = 1 - u;
            const double a = v * v * v;
            const double b = 3 * v * v * u;
            const double c = 3 * v * u * u;
            const double d = u * u * u;
            return std::make_pair(
                a * p[0].first + b * p[1].first + c * p[2].first + d * p[3].first,
                a * p[0].second + b * p[1].second + c * p[2].second + d * p[3].second);
        };
        while (along < 0.9 &&
               std::abs(at(along).first - p[3].first) > (gutter + lane_padding) / 2 + 8) {
            along += 0.02;
        }
        // Or as near to that as there is room.
        std::tie(box.x, box.y) = at(along);
        for (double off = 0.03; covers_another(box) && off < 0.5;
             off = off < 0 ? 0.03 - off : -off) {
            std::tie(box.x, box.y) = at(std::clamp(along + off, 0.05, 0.95));
        }
        box.id = fmt::format("l{}", labels_++);
        scene_.boxes.push_back(box);
    }

    // From where the memory was freed, the lock was taken, ... to the finding.
    void evidence() {
        for (size_t i = 0; i < s_.rows.size(); ++i) {
            if (s_.rows[i].kind != row_kind::finding) {
                continue;
            }
            const sim::trace_finding& finding = t_.findings[s_.rows[i].finding];
            std::set<uint32_t> drawn;
            for (const sim::trace_evidence& each : finding.evidence) {
                const uint32_t row = evidence_row(s_, each);
                if (row != no_row && drawn.insert(row).second) {
                    const scene_box* from = box_of(row, each.context);
                    curve(from == nullptr ? cells_[row].front().box : *from, cells_[i].front().box,
                          orange, 2.5, each.label);
                }
            }
        }
    }

    // ------------------------------------------------------------ around the rows

    void frame() {
        for (const lane& l : lanes_) {
            scene_.lanes.push_back({l.x - l.width / 2 - lane_padding, lanes_top_,
                                    l.x + l.width / 2 + lane_padding, lanes_bottom_, lane_fill});
        }
        scene_.name = t_.header.subject;
        scene_.width = std::max(scene_.width, right_);
        scene_.height = add_legend(scene_, margin, lanes_bottom_ + 24, keys_) + margin;
        scene_.width += margin;
    }

    const sim::trace& t_;
    const story& s_;
    const box_maker boxes_;
    std::vector<lane> lanes_;
    std::vector<size_t> lane_of_;            // per context
    std::vector<uint32_t> context_of_step_;  // [0] unused
    legend_keys keys_;
    uint32_t labels_ = 0;
    std::vector<std::vector<cell>> cells_;  // per row
    scene scene_;
    double right_ = 0;
    double lanes_top_ = 0;
    double lanes_bottom_ = 0;
};

}  // namespace

scene picture_of(const sim::trace& t, const story& s, const plumbing_files& plumbing) {
    return painter(t, s, plumbing).paint();
}

}  // namespace viz
