#include "viz/scene.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace viz {

namespace {

constexpr double points_per_inch = 72;
constexpr double arrow_length = 8;
// Every character has the same width, so that boxes can be measured without loading a font. The
// first font comes with Graphviz on Debian; a browser takes the first that it has.
constexpr const char* font = "DejaVu Sans Mono,Menlo,Consolas,monospace";
constexpr const char* bold_font = "DejaVu Sans Mono Bold,Menlo Bold,Consolas Bold,monospace bold";

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c == '\n' ? "\\n" : std::string(1, c);
    }
    return out + '"';
}

// Text as Graphviz reads it: each line ends with the mark that says how it is justified.
std::string label(const scene_box& box) {
    std::string out = "\"";
    for (const std::string& line : box.lines) {
        const std::string one = quoted(line);
        out += one.substr(1, one.size() - 2);
        // A centred last line needs no mark, and with one it would stand too high.
        out += !box.centred ? "\\l" : &line == &box.lines.back() ? "" : "\\n";
    }
    return out + '"';
}

class writer {
  public:
    explicit writer(const scene& s) : s_(s) {}

    std::string text() {
        put("digraph {} {{\n", quoted(s_.name));
        put("  graph [bb=\"0,0,{:.1f},{:.1f}\", bgcolor=\"white\", outputorder=edgesfirst, "
            "splines=true, pad=0.2];\n",
            s_.width, s_.height);
        put("  node [fixedsize=true, fontname={}, shape=box, margin=\"0.06,0\"];\n", quoted(font));
        put("  edge [arrowsize=0.7];\n");
        for (size_t i = 0; i < s_.lanes.size(); ++i) {
            lane(s_.lanes[i], i);
        }
        for (const scene_box& each : s_.boxes) {
            box(each);
        }
        for (const scene_line& each : s_.lines) {
            line(each);
        }
        put("}}\n");
        return std::string(out_.data(), out_.size());
    }

  private:
    template <typename... Args>
    void put(fmt::format_string<Args...> format, Args&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
    }

    [[nodiscard]] double up(double y) const {
        return s_.height - y;  // Graphviz counts from the bottom
    }

    void lane(const scene_lane& l, size_t index) {
        put("  subgraph cluster_lane{} {{ graph [bb=\"{:.1f},{:.1f},{:.1f},{:.1f}\", style=filled, "
            "color={}, fillcolor={}]; }}\n",
            index, l.left, up(l.bottom), l.right, up(l.top), quoted(l.fill), quoted(l.fill));
    }

    void box(const scene_box& b) {
        put("  {} [pos=\"{:.1f},{:.1f}\", width={:.3f}, height={:.3f}, shape={}, style={}, "
            "fillcolor={}, color={}, fontcolor={}, fontsize={:g}, label={}",
            quoted(b.id), b.x, up(b.y), b.width / points_per_inch, b.height / points_per_inch,
            b.shape, quoted(b.style), quoted(b.fill), quoted(b.border), quoted(b.ink), b.font_size,
            label(b));
        if (b.bold) {
            put(", fontname={}", quoted(bold_font));
        }
        if (b.line_width != 1) {
            put(", penwidth={:g}", b.line_width);
        }
        if (!b.url.empty()) {
            put(", URL={}", quoted(b.url));
        }
        put(", tooltip={}];\n", quoted(b.tooltip.empty() ? " " : b.tooltip));
    }

    void line(const scene_line& l) {
        std::vector<std::pair<double, double>> points = l.points;
        if (points.size() == 2) {  // a straight line is a curve whose control points lie on it
            const auto [x0, y0] = points[0];
            const auto [x1, y1] = points[1];
            points.insert(points.begin() + 1, {{x0 + (x1 - x0) / 3, y0 + (y1 - y0) / 3},
                                               {x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3}});
        }
        std::string pos;
        if (l.arrow) {
            // The curve ends where the head begins.
            const auto [x, y] = points.back();
            const auto [cx, cy] = points[points.size() - 2];
            const double length = std::max(1.0, std::hypot(x - cx, y - cy));
            pos = fmt::format("e,{:.1f},{:.1f} ", x, up(y));
            const double back = std::min(arrow_length, length);
            points.back() = {x - (x - cx) / length * back, y - (y - cy) / length * back};
        }
        for (const auto& [x, y] : points) {
            pos += fmt::format("{:.1f},{:.1f} ", x, up(y));
        }
        pos.pop_back();
        put("  {} -> {} [pos=\"{}\", color={}, style={}, penwidth={:g}{}, tooltip={}];\n",
            quoted(l.from), quoted(l.to), pos, quoted(l.colour), l.style, l.line_width,
            l.arrow ? "" : ", arrowhead=none", quoted(l.tooltip.empty() ? " " : l.tooltip));
    }

    const scene& s_;
    fmt::memory_buffer out_;
};

}  // namespace

double text_points(size_t characters, double font_size) {
    return static_cast<double>(characters) * font_size * 0.602;
}

std::string graphviz_text(const scene& s) {
    return writer(s).text();
}

}  // namespace viz
