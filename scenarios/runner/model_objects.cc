#include "scenarios/runner/model_objects.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace scenario {
namespace {

namespace fs = std::filesystem;

// Whether the file is in the tree just as the build saw it.
bool is_as_built(const model_manifest& manifest, const model_tree& tree, const std::string& name) {
    const auto built = manifest.sums.find(name);
    const auto now = tree.find(name);
    return built != manifest.sums.end() && now != tree.end() && built->second == now->second.sum;
}

bool is_older(const fs::path& path, fs::file_time_type made) {
    std::error_code failure;
    const fs::file_time_type edited = fs::last_write_time(path, failure);
    return !failure && edited <= made;
}

}  // namespace

std::vector<std::string> parse_depfile(std::string_view text) {
    std::vector<std::string> names;
    std::string name;
    const size_t colon = text.find(": ");
    text.remove_prefix(colon == text.npos ? text.size() : colon + 1);
    const auto end_name = [&] {
        if (!name.empty()) {
            names.push_back(name);
        }
        name.clear();
    };
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\n';
        const bool escapes =
            (c == '\\' && (next == ' ' || next == '#')) || (c == '$' && next == '$');
        if (escapes) {
            name += text[++i];
        } else if (c == '\\' && next == '\n') {
            end_name();
            ++i;
        } else if (c == ' ' || c == '\n' || c == '\t') {
            end_name();
        } else {
            name += c;
        }
    }
    end_name();
    return names;
}

const read_files::file& read_files::of(const std::string& dependency) {
    const auto [at, is_new] = known_.try_emplace(dependency);
    if (is_new) {
        const fs::path path = fs::path(dependency).lexically_normal();
        std::string name = path.lexically_relative(root_);
        if (name.starts_with("model/")) {
            at->second.name = std::move(name);
            return at->second;
        }
        std::error_code failure;
        const fs::file_time_type edited = fs::last_write_time(path, failure);
        if (!failure) {
            at->second.edited = edited;
        }
    }
    return at->second;
}

bool object_serves(const model_manifest& manifest, const model_source& source,
                   const model_tree& tree, const include_graph& includes, read_files& files) {
    std::error_code failure;
    const fs::file_time_type made = fs::last_write_time(source.object, failure);
    std::string text;
    if (failure || made > manifest.written || !read_text(source.object + ".d", text)) {
        return false;
    }
    std::set<std::string> reads = includes.read_by(source.name);
    for (const std::string& dependency : parse_depfile(text)) {
        const read_files::file& read = files.of(dependency);
        if (!read.name.empty()) {
            reads.insert(read.name);
        } else if (!read.edited || *read.edited > made) {
            return false;
        }
    }
    // An edit while the build ran may be newer than the object and older than the manifest.
    return std::all_of(reads.begin(), reads.end(), [&](const std::string& name) {
        return is_as_built(manifest, tree, name) && is_older(fs::path(manifest.root) / name, made);
    });
}

}  // namespace scenario
