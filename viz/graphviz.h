// graphviz.h - draws a graph text with libgvc, which is loaded only when it is needed.
// Shapes:  a text that says layout=dot is laid out; any other carries all positions ("nop2" of Graphviz).
// Locks:   Graphviz keeps global state: call from one thread.
// Errors:  false and a message that says what is missing and which package has it.
#pragma once

#include <string>
#include <vector>

namespace viz {

// Endings that draw_file knows: "svg", "png", "pdf".
const std::vector<std::string>& picture_endings();

// Has `path` one of these endings? If not, says so in `error`.
[[nodiscard]] bool is_picture(const std::string& path, std::string& error);

// Writes `bytes` into `path`.
[[nodiscard]] bool write_text(const std::string& bytes, const std::string& path,
                              std::string& error);

// Draws `gv` into `path`, and writes it beside the picture as a .gv file; a path that ends in .gv
// gets the text alone, without Graphviz.
[[nodiscard]] bool draw_text(const std::string& gv, const std::string& path, std::string& error);

// Draws `gv` into `path`, in the format that the ending of `path` says.
[[nodiscard]] bool draw_file(const std::string& gv, const std::string& path, std::string& error);

}  // namespace viz
