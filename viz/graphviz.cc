#include "viz/graphviz.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <graphviz/gvc.h>

#include <algorithm>
#include <fstream>

namespace viz {

namespace {

// The few functions that we need. Linking with the library would cost every start of the command
// tens of milliseconds and make Graphviz necessary where nobody draws.
struct graphviz {
    decltype(&::agmemread) read_graph = nullptr;
    decltype(&::agclose) close_graph = nullptr;
    decltype(&::gvContext) make_context = nullptr;
    decltype(&::gvLayout) place = nullptr;
    decltype(&::gvFreeLayout) unplace = nullptr;
    decltype(&::gvRenderFilename) draw = nullptr;
    // Never freed: the text layout of 2.42 remembers a font's name that belongs to the context, and
    // would read it after the free when the next picture is drawn.
    GVC_t* context = nullptr;
    std::string error;
};

template <typename Function>
void find(void* library, const char* name, Function& to, std::string& error) {
    to = reinterpret_cast<Function>(dlsym(library, name));
    if (to == nullptr && error.empty()) {
        error =
            fmt::format("the Graphviz library has no {}; version 2.42 or later is needed", name);
    }
}

graphviz load() {
    graphviz g;
    void* graphs = dlopen("libcgraph.so.6", RTLD_NOW | RTLD_LOCAL);
    void* drawing = graphs == nullptr ? nullptr : dlopen("libgvc.so.6", RTLD_NOW | RTLD_LOCAL);
    if (drawing == nullptr) {
        g.error = fmt::format(
            "pictures need the Graphviz library: install the package libgvc6 ({})", dlerror());
        return g;
    }
    find(graphs, "agmemread", g.read_graph, g.error);
    find(graphs, "agclose", g.close_graph, g.error);
    find(drawing, "gvContext", g.make_context, g.error);
    find(drawing, "gvLayout", g.place, g.error);
    find(drawing, "gvFreeLayout", g.unplace, g.error);
    find(drawing, "gvRenderFilename", g.draw, g.error);
    if (g.error.empty()) {
        g.context = g.make_context();
    }
    return g;
}

// A bitmap has at most 32,767 dots a side, at 96 dots an inch.
constexpr double bitmap_points_max = 32767.0 * 72 / 96 - 100;

bool fits_a_bitmap(graph_t* placed) {
    const boxf all = GD_bb(placed);
    return all.UR.x - all.LL.x <= bitmap_points_max && all.UR.y - all.LL.y <= bitmap_points_max;
}

std::string ending_of(const std::string& path) {
    const size_t dot = path.rfind('.');
    const size_t slash = path.rfind('/');
    const bool has = dot != std::string::npos && (slash == std::string::npos || dot > slash);
    return has ? path.substr(dot + 1) : "";
}

}  // namespace

const std::vector<std::string>& picture_endings() {
    static const std::vector<std::string> endings = {"svg", "png", "pdf"};
    return endings;
}

bool is_picture(const std::string& path, std::string& error) {
    const std::string ending = ending_of(path);
    const std::vector<std::string>& known = picture_endings();
    if (std::find(known.begin(), known.end(), ending) != known.end()) {
        return true;
    }
    error = fmt::format("{}: unknown kind of picture \"{}\"; there are .{}, .gv", path, ending,
                        fmt::join(known, ", ."));
    return false;
}

bool write_text(const std::string& bytes, const std::string& path, std::string& error) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    out.close();
    if (!out) {
        error = fmt::format("cannot write {}", path);
        return false;
    }
    return true;
}

bool draw_text(const std::string& gv, const std::string& path, std::string& error) {
    if (path.ends_with(".gv")) {
        return write_text(gv, path, error);
    }
    return is_picture(path, error) &&
           write_text(gv, path.substr(0, path.rfind('.')) + ".gv", error) &&
           draw_file(gv, path, error);
}

bool draw_file(const std::string& gv, const std::string& path, std::string& error) {
    if (!is_picture(path, error)) {
        return false;
    }
    static const graphviz g = load();
    if (!g.error.empty()) {
        error = g.error;
        return false;
    }
    graph_t* graph = g.read_graph(gv.c_str());
    if (graph == nullptr) {
        error = path + ": Graphviz cannot read the graph";
        return false;
    }
    const bool to_be_laid_out = gv.find("layout=dot") != std::string::npos;
    const bool placed = g.place(g.context, graph, to_be_laid_out ? "dot" : "nop2") == 0;
    const bool fits = placed && (ending_of(path) != "png" || fits_a_bitmap(graph));
    const bool drawn = fits && g.draw(g.context, graph, ending_of(path).c_str(), path.c_str()) == 0;
    if (placed) {
        g.unplace(g.context, graph);
    }
    g.close_graph(graph);
    if (placed && !fits) {
        error = fmt::format(
            "{}: a bitmap of that many rows is too tall; draw an .svg or fewer rows", path);
    } else if (!drawn) {
        error = path + ": Graphviz cannot draw it (can the file be written?)";
    }
    return drawn;
}

}  // namespace viz
