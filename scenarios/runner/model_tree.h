// model_tree.h - the texts of a model's files, and a folder that holds a copy of them.
// Source:  the files under model/ that a compiler reads.
// Shapes:  a file is named by its path from the folder that holds model/: "model/net/if.cc".
// Locks:   none; plain values.
// Errors:  false, and what the system says.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace scenario {

struct model_file {
    std::string text;
    std::string sum;  // SHA-1 of the text
};

using model_tree = std::map<std::string, model_file>;

// Whether a file of this name is compiled by itself, and whether a compiler may read it at all.
[[nodiscard]] bool is_compiled(std::string_view name);
[[nodiscard]] bool is_source(std::string_view name);

// Reads root/model. A tree without any file means that there is no such folder.
[[nodiscard]] bool read_tree(const std::string& root, model_tree& tree, std::string& error);

// Makes folder/model with exactly these texts.
[[nodiscard]] bool write_tree(const model_tree& tree, const std::string& folder,
                              std::string& error);

[[nodiscard]] bool read_text(const std::string& path, std::string& text);
[[nodiscard]] bool write_text(const std::string& path, std::string_view text);

}  // namespace scenario
