#include "viz/graph.h"

#include <fmt/format.h>

#include <fstream>

#include "viz/graphviz.h"
#include "viz/picture.h"
#include "viz/story.h"

namespace viz {

namespace {

// A bitmap has at most 32,767 dots a side, at 96 dots an inch.
constexpr double bitmap_points_max = 32767.0 * 72 / 96 - 100;

scene scene_of(const sim::trace& t, const graph_options& options) {
    story_options wanted;
    wanted.rows_max = options.rows_max;
    wanted.calls = false;  // a box names its function
    wanted.plumbing = options.plumbing;
    return picture_of(t, tell(t, wanted), options.plumbing);
}

bool write_text(const std::string& text, const std::string& path, std::string& error) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        error = fmt::format("cannot write {}", path);
        return false;
    }
    return true;
}

}  // namespace

std::string graph(const sim::trace& t, const graph_options& options) {
    return graphviz_text(scene_of(t, options));
}

bool draw(const sim::trace& t, const std::string& path, const graph_options& options,
          std::string& error) {
    const scene s = scene_of(t, options);
    const std::string text = graphviz_text(s);
    if (path.ends_with(".gv")) {
        return write_text(text, path, error);
    }
    if (path.ends_with(".png") && (s.height > bitmap_points_max || s.width > bitmap_points_max)) {
        error = fmt::format(
            "{}: a bitmap of that many rows is too tall; draw an .svg or fewer rows", path);
        return false;
    }
    return is_picture(path, error) &&
           write_text(text, path.substr(0, path.rfind('.')) + ".gv", error) &&
           draw_file(text, path, error);
}

}  // namespace viz
