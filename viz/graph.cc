#include "viz/graph.h"

#include "viz/graphviz.h"
#include "viz/picture.h"
#include "viz/story.h"

namespace viz {

namespace {

scene scene_of(const sim::trace& t, const graph_options& options) {
    story_options wanted;
    wanted.rows_max = options.rows_max;
    wanted.calls = false;  // a box names its function
    wanted.plumbing = options.plumbing;
    return picture_of(t, tell(t, wanted), options.plumbing);
}

}  // namespace

std::string graph(const sim::trace& t, const graph_options& options) {
    return graphviz_text(scene_of(t, options));
}

bool draw(const sim::trace& t, const std::string& path, const graph_options& options,
          std::string& error) {
    return draw_text(graph(t, options), path, error);
}

}  // namespace viz
