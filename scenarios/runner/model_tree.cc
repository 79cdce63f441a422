#include "scenarios/runner/model_tree.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/runner/sha1.h"

namespace scenario {

namespace fs = std::filesystem;

bool is_compiled(std::string_view name) {
    return name.ends_with(".cc") || name.ends_with(".c");
}

bool is_source(std::string_view name) {
    return is_compiled(name) || name.ends_with(".h") || name.ends_with(".def");
}

bool read_text(const std::string& path, std::string& text) {
    std::ifstream in(path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
    return in.good() || in.eof();
}

bool write_text(const std::string& path, std::string_view text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    return out.good();
}

bool read_tree(const std::string& root, model_tree& tree, std::string& error) {
    tree.clear();
    std::error_code failure;
    const fs::path top = fs::path(root) / "model";
    if (!fs::is_directory(top, failure)) {
        return true;
    }
    fs::recursive_directory_iterator at(top, failure);
    for (; !failure && at != fs::recursive_directory_iterator(); at.increment(failure)) {
        std::error_code ignored;
        if (!is_source(at->path().native()) || !at->is_regular_file(ignored)) {
            continue;
        }
        model_file file;
        if (!read_text(at->path(), file.text)) {
            error = at->path().string() + ": cannot be read";
            return false;
        }
        file.sum = sha1_of(file.text);
        tree.emplace(at->path().lexically_relative(root).string(), std::move(file));
    }
    if (failure) {
        error = top.string() + ": " + failure.message();
    }
    return !failure;
}

bool write_tree(const model_tree& tree, const std::string& folder, std::string& error) {
    for (const auto& [name, file] : tree) {
        const fs::path path = fs::path(folder) / name;
        std::error_code failure;
        fs::create_directories(path.parent_path(), failure);
        if (failure || !write_text(path, file.text)) {
            error = path.string() +
                    ": cannot be written: " + (failure ? failure.message() : std::strerror(errno));
            return false;
        }
    }
    return true;
}

}  // namespace scenario
